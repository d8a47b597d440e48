package dev.claimcheck.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** One request over a bare socket: what the client itself costs or delays is as little as can be. */
final class RawUpload {
    private static final int BLOCK = 1 << 20;

    private RawUpload() {}

    /** The answer, and how long after the last byte its first byte came. */
    record Result(String head, double millisAfterLastByte) {}

    static Result send(int port, String head, long size, long seed) throws IOException {
        byte[] block = new byte[BLOCK];
        new Random(seed).nextBytes(block);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            out.write((head + "\r\nHost: 127.0.0.1\r\nContent-Length: " + size + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            for (long sent = 0; sent < size; sent += BLOCK) {
                block[0] = (byte) (sent >> 20);
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
