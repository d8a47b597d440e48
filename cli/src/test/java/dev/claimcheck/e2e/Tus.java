package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

/** tus 1.0.0 by hand, one request each. */
record Tus(Api api) {
    HttpRequest.Builder request(String path) {
        return api.request(path).header("Tus-Resumable", "1.0.0");
    }

    /** Opens an upload and gives its path. */
    String create(long length, String filename) {
        Api.Answer made = api.send(request("/videos/tus")
                .header("Upload-Length", Long.toString(length))
                .header("Upload-Metadata", metadata(filename))
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(made.status()).as(() -> made.body().toString()).isEqualTo(201);
        return location(made);
    }

    Api.Answer patch(String upload, long offset, byte[] bytes) {
        return api.send(patchRequest(upload, offset, bytes).build());
    }

    HttpRequest.Builder patchRequest(String upload, long offset, byte[] bytes) {
        return request(upload)
                .header("Upload-Offset", Long.toString(offset))
                .header("Content-Type", "application/offset+octet-stream")
                .method("PATCH", BodyPublishers.ofByteArray(bytes));
    }

    /** Opens an upload that is to be joined with others, and gives its path. */
    String part(long length) {
        return location(api.send(request("/videos/tus")
                .header("Upload-Concat", "partial")
                .header("Upload-Length", Long.toString(length))
                .POST(BodyPublishers.noBody())
                .build()));
    }

    /** Joins those parts to {@code joined.mp4}. */
    Api.Answer join(String... parts) {
        return api.send(request("/videos/tus")
                .header("Upload-Concat", "final;" + String.join(" ", parts))
                .header("Upload-Metadata", metadata("joined.mp4"))
                .POST(BodyPublishers.noBody())
                .build());
    }

    Api.Answer delete(String upload) {
        return api.send(request(upload).DELETE().build());
    }

    Api.Answer head(String upload) {
        return api.send(request(upload).method("HEAD", BodyPublishers.noBody()).build());
    }

    long offset(String upload) {
        Api.Answer answer = head(upload);
        assertThat(answer.status()).isEqualTo(200);
        return Long.parseLong(answer.header("Upload-Offset"));
    }

    static String location(Api.Answer answer) {
        return answer.header("Location");
    }

    static String metadata(String filename) {
        return "filename " + base64(filename) + ",filetype " + base64("video/mp4");
    }

    static String metadata(Map<String, String> entries) {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey() + " " + base64(entry.getValue()))
                .collect(Collectors.joining(","));
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
