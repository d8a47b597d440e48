package dev.claimcheck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** One request over a bare socket: what the client itself costs or delays is as little as can be. */
final class RawUpload {
    private static final int BLOCK = 64 << 10;

    private RawUpload() {}

    /** The answer, and how long after the last byte its first byte came. */
    record Result(String head, double millisAfterLastByte) {}

    static Result send(int port, String head, long size, long seed) throws IOException {
        return send(port, head, size, seed, Long.MAX_VALUE);
    }

    /** As fast as the loopback takes it, but at most so many bytes per second. */
    static Result send(int port, String head, long size, long seed, long bytesPerSecond) throws IOException {
        byte[] block = new byte[BLOCK];
        new Random(seed).nextBytes(block);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write((head + "\r\nHost: 127.0.0.1\r\nContent-Length: " + size + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            long began = System.nanoTime();
            for (long sent = 0; sent < size; sent += BLOCK) {
                block[0] = (byte) (sent >> 16);
                long due = began + (long) ((double) sent / bytesPerSecond * 1e9);
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
                }
                out.write(block, 0, (int) Math.min(BLOCK, size - sent));
            }
            long last = System.nanoTime();
            InputStream in = socket.getInputStream();
            byte[] answer = new byte[8192];
            int length = in.read(answer);
            double millis = (System.nanoTime() - last) / 1e6;
            return new Result(new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII), millis);
        }
    }
}
