package dev.claimcheck.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client on a slow line: one connection, requests one after the other, bodies spread over time. Not thread-safe. */
final class SlowConnection implements AutoCloseable {
    private static final int PATIENCE = 120_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private final Socket socket = new Socket();
    private final InputStream in;

    SlowConnection(int port) throws IOException {
        socket.setSoTimeout(PATIENCE);
        socket.setReceiveBufferSize(8 << 10);
        socket.setSendBufferSize(8 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), 512);
    }

    /** An answer: its head, and its body where it has a Content-Length. */
    record Reply(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /** A header's value, or empty. */
        String header(String name) {
            int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name.toLowerCase(Locale.ROOT) + ": ");
            return at < 0
                    ? ""
                    : head.substring(at + name.length() + 4, head.indexOf("\r\n", at + 2))
                            .strip();
        }
    }

    void head(String head, long length) throws IOException {
        write((head + "\r\nHost: 127.0.0.1\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes a stretch of the bytes in {@code pieces} pieces, one after each {@code pause}. */
    void trickle(byte[] bytes, int from, int to, int pieces, Duration pause) throws IOException, InterruptedException {
        for (int piece = 0; piece < pieces; piece++) {
            int begin = from + (int) ((long) (to - from) * piece / pieces);
            int end = from + (int) ((long) (to - from) * (piece + 1) / pieces);
            socket.getOutputStream().write(bytes, begin, end - begin);
            Thread.sleep(pause);
        }
    }

    Reply reply() throws IOException {
        Reply head = replyWithoutBody();
        String length = head.header("Content-Length");
        byte[] body = length.isEmpty() ? new byte[0] : in.readNBytes(Integer.parseInt(length));
        return new Reply(head.head(), new String(body, StandardCharsets.UTF_8));
    }

    /** Reads the answer to a HEAD: it has no body, whatever its length says. */
    Reply replyWithoutBody() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < END_OF_HEAD.length()) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended after " + bytes.size() + " bytes of an answer");
            }
            bytes.write(next);
            matched = next == END_OF_HEAD.charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        return new Reply(bytes.toString(StandardCharsets.US_ASCII), "");
    }

    /** Breaks the connection off with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
