package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

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

    Api.Answer head(String upload) {
        return api.send(request(upload).method("HEAD", BodyPublishers.noBody()).build());
    }

    long offset(String upload) {
        Api.Answer answer = head(upload);
        assertThat(answer.status()).isEqualTo(200);
        return Long.parseLong(header(answer, "Upload-Offset"));
    }

    static String header(Api.Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }

    static String location(Api.Answer answer) {
        return header(answer, "Location");
    }

    static String metadata(String filename) {
        return "filename " + base64(filename) + ",filetype " + base64("video/mp4");
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
