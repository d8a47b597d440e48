package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.Event;
import dev.claimcheck.client.EventFollower;
import dev.claimcheck.client.JobQuery;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.Metadata;
import dev.claimcheck.client.UploadReceipt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every example of the Java client's documentation, against a running service. */
class ClientExamplesIT {
    private static Server server;
    private static ClaimcheckClient client;
    private static String job;

    @BeforeAll
    static void uploadAsTheFirstExampleDoes() throws Exception {
        server = Server.start(Map.of());
        client = ClaimcheckClient.connect(server.baseUri(), server.api().key());
        URI video = ClientExamples.upload(server.baseUri(), server.api().key(), Clip.mp4(1, "320x180"));

        assertThat(new String(server.api().fetch(video.toString()), StandardCharsets.UTF_8))
                .startsWith("#EXTM3U");
        JobStatus first = client.jobs().list(JobQuery.ALL).jobs().getFirst();
        job = first.jobId();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void optionsAreHonoured() throws Exception {
        UploadReceipt receipt =
                ClientExamples.options(client, Clip.mp4(2, "320x180"), Clip.WORK.resolve("examples-journal"));

        assertThat(client.await(receipt.jobId(), Duration.ofMinutes(1)).isCompleted())
                .isTrue();
        assertThat(client.jobs().get(receipt.jobId()).profile()).isEqualTo("preview");
    }

    @Test
    void jobsAreTyped() throws Exception {
        assertThat(ClientExamples.jobs(client, job)).isNotEmpty().allMatch(name -> name.endsWith("clip.mp4"));
        var whole = client.jobs().get(job);
        Metadata metadata = whole.metadata().orElseThrow();

        assertThat(whole.id()).isEqualTo(job);
        assertThat(whole.status().isCompleted()).isTrue();
        assertThat(whole.startedAt().orElseThrow())
                .isBefore(whole.status().finishedAt().orElseThrow());
        assertThat(metadata.width()).hasValue(320);
        assertThat(metadata.duration()).isBetween(0.9, 1.2);
        assertThat(metadata.audio()).hasSize(1).allMatch(Metadata.AudioTrack::delivered);
        assertThat(whole.steps())
                .allMatch(step ->
                        step.status().equals("SUCCEEDED") && step.error().isEmpty());
        assertThat(whole.outputs()).anyMatch(output -> output.path().equals("poster.jpg") && output.size() > 0);
        assertThat(client.status(job).metadata()).isEqualTo(whole.metadata());
    }

    @Test
    void refusalsHaveTheirCode() throws Exception {
        assertThat(ClientExamples.errors(client, job)).isNotBlank();
    }

    @Test
    void eventsAreFollowedToTheEndAndGoneOnWith() throws Exception {
        assertThat(ClientExamples.events(client, job)).startsWith("job.created").endsWith("job.completed");
        Set<String> ended = new HashSet<>();
        String cursor = ClientExamples.bookkeeping(client, ended, 1);
        assertThat(ended).hasSize(1);

        String second = client.upload(Clip.mp4(1, "160x90"), (_, _) -> {}).jobId();
        List<Event> after = new ArrayList<>();
        try (EventFollower events = client.events().iterate(cursor)) {
            while (events.hasNext()) {
                after.add(events.next());
                if (after.getLast().isEndOfJob() && after.getLast().jobId().equals(second)) {
                    break;
                }
            }
        }
        assertThat(after).extracting(Event::id).doesNotContain(cursor).doesNotHaveDuplicates();
    }

    @Test
    void webhooksAreVerified() throws Exception {
        String secret = "whsec_"
                + Base64.getEncoder().encodeToString("a secret of twenty-four!".getBytes(StandardCharsets.UTF_8));
        List<String> handled = new ArrayList<>();
        HttpServer receiver = ClientExamples.webhook(secret, handled);
        try {
            String body = "{\"type\":\"job.completed\"}";
            String time = Long.toString(Instant.now().getEpochSecond());
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("a secret of twenty-four!".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signature = "v1,"
                    + Base64.getEncoder()
                            .encodeToString(
                                    mac.doFinal(("msg_1." + time + "." + body).getBytes(StandardCharsets.UTF_8)));

            assertThat(call(receiver, time, signature, body)).isEqualTo(204);
            assertThat(call(receiver, time, signature, body)).isEqualTo(204);
            assertThat(call(receiver, time, signature, body + " ")).isEqualTo(400);
            assertThat(handled).containsExactly("job.completed");
        } finally {
            receiver.stop(0);
        }
    }

    private static int call(HttpServer receiver, String time, String signature, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/claimcheck"))
                .header("webhook-id", "msg_1")
                .header("webhook-timestamp", time)
                .header("webhook-signature", signature)
                .POST(BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }
}
