package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a signed URL's answer says, and what is sent because of it. */
final class SignedUploads {
    private SignedUploads() {}

    static String job(JsonNode signed) {
        return signed.path("job_id").asString();
    }

    static String key(JsonNode signed) {
        return signed.path("file_key").asString();
    }

    /** A body in HTTP chunks, without a Content-Length. */
    static BodyPublisher unsized(byte[] bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    static String completion(String job, String key) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("job_id", job)
                .put("file_key", key)
                .toString();
    }

    static String notification(String event, String key) {
        return """
                {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "%s",
                  "s3": {"bucket": {"name": "videos"}, "object": {"key": "%s", "size": 500}}}]}
                """.formatted(event, key);
    }

    static String curl(Path file, JsonNode signed) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-i", "-T", file.toString()));
        signed.path("headers")
                .properties()
                .forEach(header -> command.addAll(
                        List.of("-H", header.getKey() + ": " + header.getValue().asString())));
        command.add(signed.path("upload_url").asString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
