package dev.claimcheck.client;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A connection to one Claimcheck service. Thread-safe.
 *
 * <pre>{@code
 * var client = ClaimcheckClient.connect(URI.create("http://127.0.0.1:8080"), key);
 * var receipt = client.upload(Path.of("holiday.mp4"), (sent, total) -> {});
 * var status = client.await(receipt.jobId(), Duration.ofHours(1), progress -> {});
 * System.out.println(status.videoUrl().orElseThrow());
 * }</pre>
 */
public final class ClaimcheckClient {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final int UPLOAD_TRIES = 4;

    private final URI base;
    private final String key;
    private final HttpClient http;
    private final InstantSource clock;

    private ClaimcheckClient(URI base, String key, InstantSource clock) {
        this.base = base;
        this.key = key;
        this.clock = clock;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** A client of the service at {@code base}, with that API key. Connects with the first call. */
    public static ClaimcheckClient connect(URI base, String key) {
        return new ClaimcheckClient(base, key, InstantSource.system());
    }

    /** The same against another clock, for tests. */
    static ClaimcheckClient connect(URI base, String key, InstantSource clock) {
        return new ClaimcheckClient(base, key, clock);
    }

    /** A link of the service as a full address. */
    public URI resolve(String link) {
        return base.resolve(link);
    }

    /**
     * Uploads a file under its own name. A broken connection is tried again: the service knows the file by its content, so nothing is done twice.
     *
     * @throws ClaimcheckException when the service refuses it or cannot be reached
     */
    public UploadReceipt upload(Path file, UploadListener listener) throws InterruptedException {
        return upload(file, String.valueOf(file.getFileName()), listener);
    }

    /** Uploads a file under another name. */
    public UploadReceipt upload(Path file, String filename, UploadListener listener) throws InterruptedException {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        for (int attempt = 1; ; attempt++) {
            try {
                return uploadOnce(file, filename, listener);
            } catch (ClaimcheckException e) {
                boolean passing = e.isUnreachable() || e.status() == 503 || e.status() == 429 || e.status() == 502;
                if (!passing || attempt == UPLOAD_TRIES) {
                    throw e;
                }
                pause(schedule.afterError(Optional.empty()));
            }
        }
    }

    /** The job's status now. */
    public JobStatus status(String jobId) throws InterruptedException {
        return JobStatus.of(body(
                send(request("/videos/jobs/" + encode(jobId) + "/status").GET().build())));
    }

    /** The whole job, as JSON. */
    public JsonNode job(String jobId) throws InterruptedException {
        return body(send(request("/videos/jobs/" + encode(jobId)).GET().build()));
    }

    /** A page of jobs, newest first, as JSON: {@code jobs} and {@code next_cursor}. */
    public JsonNode jobs(Optional<String> status, int limit, Optional<String> cursor) throws InterruptedException {
        String query = "?limit=" + limit
                + status.map(value -> "&status=" + encode(value)).orElse("")
                + cursor.map(value -> "&cursor=" + encode(value)).orElse("");
        return body(send(request("/videos/jobs" + query).GET().build()));
    }

    /** Opens again what failed. */
    public JsonNode retry(String jobId) throws InterruptedException {
        return body(send(request("/videos/jobs/" + encode(jobId) + "/retry")
                .POST(BodyPublishers.noBody())
                .build()));
    }

    /** Calls the job off. */
    public JsonNode cancel(String jobId) throws InterruptedException {
        return body(send(request("/videos/jobs/" + encode(jobId) + "/cancel")
                .POST(BodyPublishers.noBody())
                .build()));
    }

    /** Removes the job with everything that belongs to it. */
    public void delete(String jobId) throws InterruptedException {
        require(send(request("/videos/jobs/" + encode(jobId)).DELETE().build()));
    }

    /**
     * Waits until the job has ended, asking on the {@link PollingSchedule}; errors on the way are waited out.
     *
     * @param onChange told of each status that differs from the one before
     * @throws ClaimcheckException with code {@code timeout} when it has not ended in time; the job itself goes on
     */
    public JobStatus await(String jobId, Duration limit, Consumer<JobStatus> onChange) throws InterruptedException {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        long began = clock.millis();
        Optional<String> etag = Optional.empty();
        Optional<JobStatus> last = Optional.empty();
        while (true) {
            Duration since = Duration.ofMillis(clock.millis() - began);
            Duration wait;
            try {
                HttpRequest.Builder request = request("/videos/jobs/" + encode(jobId) + "/status");
                etag.ifPresent(value -> request.header("If-None-Match", value));
                HttpResponse<String> response = send(request.GET().build());
                if (response.statusCode() != 304) {
                    last = Optional.of(JobStatus.of(body(response)));
                    etag = response.headers().firstValue("ETag");
                    onChange.accept(last.get());
                }
                if (last.isPresent() && last.get().hasEnded()) {
                    return last.get();
                }
                wait = schedule.afterAnswer(since, retryAfter(response));
            } catch (ClaimcheckException e) {
                if (!e.isUnreachable() && e.status() < 500 && e.status() != 429) {
                    throw e;
                }
                wait = schedule.afterError(Optional.empty());
            }
            if (since.plus(wait).compareTo(limit) > 0) {
                throw new ClaimcheckException(
                        0,
                        "timeout",
                        "The job has not ended after " + limit.toSeconds()
                                + " s. It goes on; ask for its status later.");
            }
            pause(wait);
        }
    }

    private UploadReceipt uploadOnce(Path file, String filename, UploadListener listener) throws InterruptedException {
        BodyPublisher content;
        try {
            content = new CountingBody(BodyPublishers.ofFile(file), listener);
        } catch (FileNotFoundException e) {
            throw new ClaimcheckException("no_such_file", "There is no file " + file + " that can be read.", e);
        }
        HttpRequest request = HttpRequest.newBuilder(base.resolve("/videos/upload?filename=" + encode(filename)))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/octet-stream")
                .POST(content)
                .build();
        HttpResponse<String> response = send(request);
        JsonNode body = body(response);
        return new UploadReceipt(
                body.path("job_id").asString(),
                body.path("status").asString(),
                body.path("message").asString(""),
                body.path("status_url").asString(""),
                response.statusCode() == 200);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + key);
    }

    private HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ClaimcheckException(
                    "unreachable", "The service at " + base + " cannot be reached or broke off.", e);
        }
    }

    private static JsonNode body(HttpResponse<String> response) {
        require(response);
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException e) {
            throw new ClaimcheckException(
                    "bad_answer", "The answer is not JSON; is this address a Claimcheck service?", e);
        }
    }

    private static void require(HttpResponse<String> response) {
        if (response.statusCode() < 400) {
            return;
        }
        String code = "http_" + response.statusCode();
        String detail = "The service answered " + response.statusCode() + ".";
        if (response.headers()
                .firstValue("Content-Type")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("json")) {
            JsonNode problem = JsonMapper.shared().readTree(response.body());
            code = problem.path("code").asString(code);
            detail = problem.path("detail").asString(detail);
        }
        throw new ClaimcheckException(response.statusCode(), code, detail);
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private static void pause(Duration duration) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
