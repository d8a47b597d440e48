package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.client.ScriptedService.Scripted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Event streams whose lines break. */
class EventsTest {
    private final ScriptedService service = new ScriptedService();
    private final Events events =
            ClaimcheckClient.connect(service.address(), "key").events();
    private final List<String> seen = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void goesOnBehindTheLastEventWhenTheLineBreaks() throws Exception {
        service.on("GET /videos/jobs/j/events", stream("1", "2"), Scripted.breakOff(), stream("3"), status(204));

        follow(Events.BEGINNING, Optional.of("j"));

        assertThat(seen).containsExactly("1 job.test", "2 job.test", "3 job.test");
        assertThat(service.asked("GET /videos/jobs/j/events"))
                .extracting(asked -> asked.header("Last-Event-ID"))
                .as("where each goes on")
                .containsExactly("0", "2", "2", "3");
    }

    @Test
    void waitsOutAServiceThatIsAway() throws Exception {
        service.on(
                "GET /videos/jobs/j/events",
                Scripted.problem(503, "unavailable", "The database is away.", Map.of()),
                stream("1"),
                status(204));

        follow(Events.BEGINNING, Optional.of("j"));

        assertThat(seen).containsExactly("1 job.test");
        assertThat(troubles).containsExactly("The database is away.");
    }

    @Test
    void namesTheEndOfTheLogBeforeItWaits() throws Exception {
        service.on("GET /events", Scripted.json(200, "{\"events\":[],\"next\":\"41\"}"), stream("42"));
        CountDownLatch came = new CountDownLatch(1);
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                events.follow(Events.LATEST, Optional.empty(), _ -> came.countDown(), (_, _) -> {});
            } catch (InterruptedException _) {
                seen.add("ended");
            }
        });

        assertThat(came.await(10, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();
        assertThat(reader.join(java.time.Duration.ofSeconds(5)))
                .as("an interrupt ends it")
                .isTrue();

        assertThat(seen).containsExactly("ended");
        assertThat(service.asked("GET /events").get(1).header("Last-Event-ID")).isEqualTo("41");
    }

    @Test
    void whatIsNoJobsHasNoJob() throws Exception {
        service.on("GET /events", Scripted.json(200, """
                {"events": [{"id": "7", "type": "webhook.disabled", "job_id": null, "at": "2026-01-01T00:00:00Z",
                             "data": {"endpoint_id": "e", "reason": "gone"}}], "next": "7"}"""));

        Event event =
                events.page(Events.BEGINNING, Optional.empty(), 10).events().getFirst();

        assertThat(event.jobId()).isEmpty();
        assertThat(event.data().path("reason").asString()).isEqualTo("gone");
    }

    @Test
    void aPlaceThatIsGoneIsTold() {
        service.on(
                "GET /events",
                Scripted.problem(410, "cursor_expired", "There is no event 7 of yours any more.", Map.of()));

        assertThatThrownBy(() -> follow("7", Optional.empty()))
                .isInstanceOf(ClaimcheckException.class)
                .hasMessageContaining("no event 7");
    }

    private void follow(String after, Optional<String> job) throws InterruptedException {
        events.follow(
                after,
                job,
                event -> seen.add(event.id() + " " + event.type()),
                (trouble, _) -> troubles.add(trouble.getMessage()));
    }

    /** With a comment, progress, and these events. */
    private static Scripted stream(String... ids) {
        StringBuilder text = new StringBuilder(": hello\n\nevent: progress\ndata: {\"progress\":50}\n\n");
        for (String id : ids) {
            text.append("id: ")
                    .append(id)
                    .append("\nevent: job.test\ndata: {\"id\":\"")
                    .append(id)
                    .append(
                            "\",\"type\":\"job.test\",\"job_id\":\"j\",\"at\":\"2026-11-25T08:00:00Z\",\"data\":{}}\n\n");
        }
        return new Scripted(200, Map.of("Content-Type", "text/event-stream"), text.toString());
    }

    private static Scripted status(int status) {
        return new Scripted(status, Map.of(), "");
    }
}
