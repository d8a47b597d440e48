package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP interface as any client sees it. Every answer is held against the OpenAPI document. */
record Api(URI base, Optional<Path> keyFile) {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** One answer. */
    record Answer(int status, JsonNode body, HttpResponse<String> response) {
        String text(String field) {
            return body.path(field).asString("");
        }

        /** That header's value; empty without one. */
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** This answer, which must have that status. */
        Answer expect(int expected) {
            assertThat(status).as(() -> response.body()).isEqualTo(expected);
            return this;
        }
    }

    Answer upload(Path file, String filename) {
        try {
            return send(request("/videos/upload?filename=" + encode(filename))
                    .POST(BodyPublishers.ofFile(file))
                    .build());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return send(request(path).GET().build());
    }

    Answer post(String path) {
        return send(request(path).POST(BodyPublishers.noBody()).build());
    }

    Answer post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    Answer post(String path, Form form) {
        return send(request(path)
                .header("Content-Type", form.type())
                .POST(form.body())
                .build());
    }

    Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    /** The bytes behind a link from an answer, fetched without a key. */
    byte[] fetch(String link) {
        try (InputStream body = open(link).body()) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<InputStream> open(String link) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(link)).build();
        HttpResponse<InputStream> response = exchange(request, BodyHandlers.ofInputStream());
        ApiContract.check(request, response.statusCode(), response.headers(), null);
        assertThat(response.statusCode()).as(link).isEqualTo(200);
        return response;
    }

    boolean isReady() {
        try {
            HttpRequest request = HttpRequest.newBuilder(base.resolve("/health/ready"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    JsonNode status(String jobId) {
        Answer answer = get("/videos/jobs/" + jobId + "/status");
        assertThat(answer.status())
                .as(() -> "status of " + jobId + ": " + answer.body())
                .isEqualTo(200);
        return answer.body();
    }

    /** The word for where that job is, such as {@code PENDING}. */
    String statusOf(String jobId) {
        return status(jobId).path("status").asString("");
    }

    /** Polls quickly until the status satisfies {@code condition}; gives every distinct status seen on the way. */
    List<JsonNode> watch(String jobId, Duration limit, Predicate<JsonNode> condition) {
        List<JsonNode> seen = new ArrayList<>();
        await("job " + jobId).atMost(limit).pollInterval(Duration.ofMillis(20)).until(() -> {
            JsonNode status = status(jobId);
            if (seen.isEmpty() || !seen.getLast().equals(status)) {
                seen.add(status);
            }
            return condition.test(status);
        });
        return seen;
    }

    JsonNode awaitEnd(String jobId) {
        return watch(jobId, Duration.ofMinutes(3), Api::hasEnded).getLast();
    }

    JsonNode awaitCompleted(String jobId) {
        JsonNode status = awaitEnd(jobId);
        assertThat(status.path("status").asString(""))
                .as(status::toPrettyString)
                .isEqualTo("COMPLETED");
        return status;
    }

    static boolean hasEnded(JsonNode status) {
        return List.of("COMPLETED", "FAILED", "CANCELLED", "EXPIRED")
                .contains(status.path("status").asString(""));
    }

    /** The same service as that owner sees it, with a key that this one makes. */
    Api asOwner(String owner) {
        return withKey(post("/access/keys", "{\"owner\": \"" + owner + "\", \"name\": \"test\"}")
                .expect(201)
                .text("key"));
    }

    Api withKey(String key) {
        try {
            return new Api(base, Optional.of(Files.writeString(Files.createTempFile(Clip.WORK, "key", ""), key)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Api withoutKey() {
        return new Api(base, Optional.empty());
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofMinutes(2));
        keyFile.ifPresent(file -> builder.header("Authorization", "Bearer " + key(file)));
        return builder;
    }

    String key() {
        return key(keyFile.orElseThrow());
    }

    Answer send(HttpRequest request) {
        HttpResponse<String> response = exchange(request, BodyHandlers.ofString());
        ApiContract.check(request, response.statusCode(), response.headers(), response.body());
        String type = response.headers().firstValue("Content-Type").orElse("");
        JsonNode body =
                type.contains("json") && !response.body().isEmpty() ? JSON.readTree(response.body()) : JSON.nullNode();
        return new Answer(response.statusCode(), body, response);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String key(Path file) {
        try {
            return Files.readString(file).trim();
        } catch (IOException e) {
            throw new IllegalStateException("no key", e);
        }
    }

    private static <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return HTTP.send(request, handler);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
