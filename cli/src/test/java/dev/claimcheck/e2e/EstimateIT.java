package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When a job will be done and how many are before it, as clients see it, on a service that does one thing at a time. */
class EstimateIT {
    private final HeldFfmpeg ffmpeg = new HeldFfmpeg();
    private final Server server = Server.start(environment());
    private final Api api = server.api();

    @AfterEach
    void stop() {
        ffmpeg.letGo();
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void whoWaitsKnowsItsPlaceAndItsTimeBeforeTheFirstFrame() {
        ffmpeg.holdOn("*show_streams*");
        List<String> jobs = upload(5);
        await("the first one is being read").atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);
        for (int number = 1; number < jobs.size(); number++) {
            JsonNode status = api.status(jobs.get(number));
            assertThat(status.path("status").asString("")).isEqualTo("PENDING");
            await("number " + number).atMost(Duration.ofSeconds(10)).until(placeIs(jobs.get(number), number));
            assertForecast(api.status(jobs.get(number)));
        }
        JsonNode last = api.status(jobs.getLast());
        assertThat(last.path("message").asString("")).isEqualTo("Waiting for its turn: 3 ahead");
        assertThat(api.get("/videos/jobs/" + jobs.getLast())
                        .body()
                        .path("queue_position")
                        .asInt())
                .isEqualTo(4);
        assertThat(api.status(jobs.getFirst()).has("queue_position"))
                .as("one that runs has no place")
                .isFalse();
        assertThat(end(last)).as("who comes later ends later").isAfter(end(api.status(jobs.get(1))));
        Cli.Ran shown =
                Cli.run("status", jobs.getLast(), "--data", server.data().toString());
        assertThat(shown.out()).contains("3 ahead", "ready in about");

        // Nothing happens to the last one, and yet its place changes.
        String before = etag(jobs.getLast());
        assertThat(api.post("/videos/jobs/" + jobs.get(1) + "/cancel").status()).isEqualTo(200);
        await("it moves up").atMost(Duration.ofSeconds(10)).until(placeIs(jobs.getLast(), 3));
        assertThat(etag(jobs.getLast())).isNotEqualTo(before);

        ffmpeg.letGo();
        List<JsonNode> seen = api.watch(jobs.getLast(), Duration.ofMinutes(3), Api::hasEnded);
        List<Integer> places = seen.stream()
                .filter(status -> status.path("status").asString("").equals("PENDING"))
                .map(status -> status.path("queue_position").asInt(0))
                .toList();
        for (int index = 1; index < places.size(); index++) {
            assertThat(places.get(index)).as("places " + places).isLessThanOrEqualTo(places.get(index - 1));
        }
        assertThat(seen.stream()
                        .filter(status -> status.path("status").asString("").equals("IN_PROGRESS")))
                .allSatisfy(EstimateIT::assertForecast);
        assertThat(seen.getLast().path("status").asString("")).isEqualTo("COMPLETED");
        assertThat(seen.getLast().has("queue_position") || seen.getLast().has("estimated_completion"))
                .isFalse();
    }

    @Test
    void whatWasPredictedIsHeldAgainstWhatCameTrue() {
        Figures none = figures();
        assertThat(none.jobs()).isZero();
        upload(6).forEach(api::awaitCompleted);
        await("they are judged")
                .atMost(Duration.ofSeconds(15))
                .until(() -> figures().jobs() == 6);
        Figures learning = figures();
        for (int number = 0; number < 6; number++) {
            upload(1).forEach(api::awaitCompleted);
        }
        await("they are judged")
                .atMost(Duration.ofSeconds(15))
                .until(() -> figures().jobs() == 12);
        Figures all = figures();
        double error = (all.errors() - learning.errors()) / 6;
        System.out.printf(
                "estimates: mean error %.2f of 6 jobs before any history, %.2f of 6 equal ones after; within p90: %.0f of 6, then %.0f of 6%n",
                learning.errors() / 6, error, learning.within(), all.within() - learning.within());
        // The machine that runs this is shared: only what is plainly wrong fails here.
        assertThat(error).as("mean error once the machine is known").isLessThan(0.8);
        assertThat(all.within() - learning.within()).isGreaterThanOrEqualTo(3);
        assertThat(api.get("/metrics").response().body())
                .contains(
                        "claimcheck_estimate_error_ratio_bucket{le=\"+Inf\"} 12",
                        "# TYPE claimcheck_estimate_error_ratio histogram");
    }

    private record Figures(double jobs, double errors, double within) {}

    private Figures figures() {
        return new Figures(
                Metrics.decimal(api, "claimcheck_estimate_error_ratio_count"),
                Metrics.decimal(api, "claimcheck_estimate_error_ratio_sum"),
                Metrics.decimal(api, "claimcheck_estimate_jobs_total{ended=\"within_p90\"}"));
    }

    private List<String> upload(int count) {
        List<Path> clips =
                IntStream.range(0, count).mapToObj(_ -> Clip.mp4(6, "640x360")).toList();
        List<String> jobs = new ArrayList<>();
        clips.forEach(
                clip -> jobs.add(api.upload(clip, clip.getFileName().toString()).text("job_id")));
        return jobs;
    }

    private java.util.concurrent.Callable<Boolean> placeIs(String job, int place) {
        return () -> api.status(job).path("queue_position").asInt(0) == place;
    }

    private String etag(String job) {
        return api.get("/videos/jobs/" + job + "/status")
                .response()
                .headers()
                .firstValue("ETag")
                .orElseThrow();
    }

    private static Instant end(JsonNode status) {
        return Instant.parse(status.path("estimated_completion").asString(""));
    }

    private static void assertForecast(JsonNode status) {
        assertThat(status.path("estimated_completion").isString())
                .as(status::toPrettyString)
                .isTrue();
        assertThat(Instant.parse(status.path("estimated_completion_p90").asString("")))
                .isAfterOrEqualTo(end(status));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_QUEUES_METADATA_CONCURRENCY", "1");
        environment.put("CLAIMCHECK_QUEUES_VIDEO_PROCESSING_CONCURRENCY", "1");
        environment.put("CLAIMCHECK_QUEUES_THUMBNAILS_CONCURRENCY", "1");
        return environment;
    }
}
