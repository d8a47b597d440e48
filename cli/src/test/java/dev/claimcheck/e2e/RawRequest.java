package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A request written byte by byte, to be cut, slowed or bent as no client library would. */
final class RawRequest implements AutoCloseable {
    private final Api api;
    private final Socket socket;
    private String method = "";
    private String path = "";

    private RawRequest(Api api, Socket socket) {
        this.api = api;
        this.socket = socket;
    }

    static RawRequest open(Api api) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.base().getPort());
        socket.setSoTimeout(60_000);
        return new RawRequest(api, socket);
    }

    void head(String method, String path, Map<String, String> headers) throws IOException {
        this.method = method;
        this.path = path;
        StringBuilder text = new StringBuilder(
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + api.key() + "\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        write(text.append("\r\n").toString().getBytes(US_ASCII));
    }

    /** A tus PATCH that announces {@code length} bytes; the caller writes as many as it likes. */
    void patch(String path, long offset, long length) throws IOException {
        head(
                "PATCH",
                path,
                Map.of(
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Offset",
                        "" + offset,
                        "Content-Type",
                        "application/offset+octet-stream",
                        "Content-Length",
                        "" + length));
    }

    /** A whole tus PATCH in one HTTP chunk, with a trailer. */
    void chunkedPatch(String path, long offset, byte[] bytes, String trailer) throws IOException {
        head(
                "PATCH",
                path,
                Map.of(
                        "Tus-Resumable",
                        "1.0.0",
                        "Upload-Offset",
                        "" + offset,
                        "Content-Type",
                        "application/offset+octet-stream",
                        "Transfer-Encoding",
                        "chunked",
                        "Trailer",
                        trailer.substring(0, trailer.indexOf(':'))));
        write((Integer.toHexString(bytes.length) + "\r\n").getBytes(US_ASCII));
        write(bytes);
        write(("\r\n0\r\n" + trailer + "\r\n\r\n").getBytes(US_ASCII));
    }

    void write(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
    }

    /** Everything up to the blank line behind the next status line's headers. */
    String responseHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(US_ASCII).endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                break;
            }
            bytes.write(next);
        }
        String head = bytes.toString(US_ASCII);
        check(head);
        return head;
    }

    /** The body is not read, so only the rest is held against the OpenAPI document. */
    private void check(String head) {
        boolean last = head.matches("(?s)HTTP/1\\.1 [2-5].*\r\n\r\n");
        if (last && !method.isEmpty()) {
            Map<String, List<String>> headers = head.lines()
                    .skip(1)
                    .filter(line -> line.contains(": "))
                    .collect(Collectors.groupingBy(
                            line -> line.substring(0, line.indexOf(": ")),
                            Collectors.mapping(line -> line.substring(line.indexOf(": ") + 2), Collectors.toList())));
            ApiContract.check(
                    method,
                    path.replaceAll("\\?.*", ""),
                    Integer.parseInt(head.substring(9, 12)),
                    HttpHeaders.of(headers, (_, _) -> true),
                    null);
        }
    }

    /** Whether the server has begun to answer. */
    boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    int status() throws IOException {
        String head = responseHead();
        return head.isEmpty() ? -1 : Integer.parseInt(head.substring(9, 12));
    }

    /** Ends the connection in the middle: politely (FIN) or not (RST). */
    void cut(boolean reset) throws IOException {
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
