package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An upload to a signed URL, by hand.
 *
 * @param signed what was answered to the question for a URL
 */
record SignedUpload(Api api, JsonNode signed) {
    static SignedUpload ask(Api api, String json) {
        return new SignedUpload(
                api, api.post("/videos/upload-url", json).expect(201).body());
    }

    /** For exactly these bytes. */
    static SignedUpload of(Api api, byte[] content, String filename) {
        return ask(api, """
                {"filename": "%s", "content_type": "video/mp4", "size": %d, "sha256": "%s"}
                """.formatted(filename, content.length, Bytes.sha256Hex(content)));
    }

    String job() {
        return signed.path("job_id").asString();
    }

    String key() {
        return signed.path("file_key").asString();
    }

    String url() {
        return signed.path("upload_url").asString();
    }

    /** The URL's path on this service. */
    String path() {
        return URI.create(url()).getPath();
    }

    String method() {
        return signed.path("method").asString();
    }

    /** Headers that must be sent. */
    JsonNode headers() {
        return signed.path("headers");
    }

    Api.Answer put(byte[] bytes) {
        return put(BodyPublishers.ofByteArray(bytes));
    }

    /** The signed request, to this service, with that body. */
    Api.Answer put(BodyPublisher body) {
        return send(url(), headers().path("Content-Type").asString(), "PUT", body);
    }

    /** A request that may not be the signed one; an empty type is not sent. */
    Api.Answer send(String url, String type, String method, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return api.send(request.build());
    }

    Api.Answer complete() {
        return complete(api, job(), key());
    }

    static Api.Answer complete(Api api, String job, String key) {
        return api.post(
                "/videos/upload-complete",
                JsonMapper.shared()
                        .createObjectNode()
                        .put("job_id", job)
                        .put("file_key", key)
                        .toString());
    }

    /** The signed request as curl sends it, and what was answered, with its headers. */
    String curl(Path file) {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "-T", file.toString()));
        headers()
                .properties()
                .forEach(header -> command.addAll(
                        List.of("-H", header.getKey() + ": " + header.getValue().asString())));
        command.add(url());
        Cli.Ran curl = Cli.execute(command).await();
        assertThat(curl.exit()).as(curl.err()).isZero();
        return curl.out();
    }

    /** A body in HTTP chunks, without a Content-Length. */
    static BodyPublisher unsized(byte[] bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }
}
