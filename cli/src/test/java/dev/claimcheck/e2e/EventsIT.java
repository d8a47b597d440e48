package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The event log over HTTP: pages, long polls and streams, through the packaged program. */
class EventsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of());
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        try (Server closing = server) {
            assertThat(closing.log()).doesNotContain("NullPointerException");
        }
    }

    /** One message of a stream. */
    record Message(Optional<String> id, String event, JsonNode data) {}

    @Test
    void aJobsStreamTellsItsWholeLifeAndEnds() throws Exception {
        String job = api.upload(Clip.mp4(25, "640x360"), "life.mp4").text("job_id");

        List<Message> life = stream("/videos/jobs/" + job + "/events", "");

        assertThat(events(life)).startsWith("job.created").endsWith("job.completed");
        assertThat(events(life))
                .contains("upload.completed", "job.started", "step.ready", "step.started", "step.succeeded")
                .containsOnlyOnce("job.playable");
        assertThat(life.stream().filter(message -> message.event().equals("progress")))
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(message.data().path("job_id").asString()).isEqualTo(job));
        assertThat(logged(life))
                .as("pages and streams tell the same")
                .isEqualTo(page("/videos/jobs/" + job + "/events?limit=1000"));
        assertThat(logged(stream("/videos/jobs/" + job + "/events", "")))
                .as("the same again, with the same ids")
                .isEqualTo(logged(life));
        String second = life.get(1).id().orElseThrow();
        assertThat(logged(stream("/videos/jobs/" + job + "/events", second)))
                .isEqualTo(logged(life).subList(2, logged(life).size()));
        HttpResponse<?> again = HTTP.send(
                request(
                        "/videos/jobs/" + job + "/events",
                        logged(life).getLast().path("id").asString()),
                HttpResponse.BodyHandlers.ofString());
        assertThat(again.statusCode())
                .as("a browser learns that it need not come again")
                .isEqualTo(204);
    }

    @Test
    void aLongPollAnswersWhenSomethingHappens() throws Exception {
        String now = api.get("/events?after=latest").text("next");
        assertThat(api.get("/events?after=" + now).body().path("events")).isEmpty();
        Thread upload = Thread.ofVirtual().unstarted(() -> api.upload(Clip.mp4(1, "320x180"), "poll.mp4"));
        upload.start();

        Api.Answer answer = api.get("/events?wait=30s&after=" + now);

        upload.join();
        JsonNode first = answer.body().path("events").path(0);
        assertThat(first.path("type").asString()).isEqualTo("job.created");
        assertThat(first.path("at").asString()).matches("20.*Z");
        assertThat(Long.parseLong(answer.text("next"))).isGreaterThan(Long.parseLong(now));
    }

    @Test
    void nobodySeesAnotherOwnersEvents() {
        String key = api.post("/access/keys", "{\"owner\": \"eve\", \"name\": \"eve\"}")
                .text("key");
        Api eve = api.withKey(key);
        String job = api.upload(Clip.mp4(1, "320x180"), "private.mp4").text("job_id");

        assertThat(eve.get("/events").body().path("events")).isEmpty();
        assertProblem(eve.get("/videos/jobs/" + job + "/events"), 404, "not_found");
        assertProblem(eve.get("/events?after=" + api.get("/events?after=latest").text("next")), 410, "cursor_expired");
    }

    @Test
    void whatIsAskedWronglyIsSaid() {
        assertProblem(api.get("/events?after=yesterday"), 400, "invalid_request");
        assertProblem(api.get("/events?limit=0"), 400, "invalid_request");
        assertProblem(api.get("/events?wait=soon"), 400, "invalid_request");
        assertProblem(api.get("/events?after=999999999"), 410, "cursor_expired");
    }

    /** The line to the database breaks and the service itself is killed: a reader who goes on from its last id has every event once. */
    @Test
    void aReaderWhoComesBackMissesNothing() throws Exception {
        // A step whose worker was killed waits for its lease and its next try no longer than it must.
        try (Server own = Server.start(Map.of(
                "CLAIMCHECK_LEASE_DURATION",
                "3s",
                "CLAIMCHECK_LEASE_RENEW_EVERY",
                "1s",
                "CLAIMCHECK_RETRY_BASE_DELAY",
                "100ms"))) {
            List<JsonNode> read = new ArrayList<>();
            for (int round = 0; round < 4; round++) {
                own.api().upload(Clip.mp4(1, "320x180"), "round " + round + ".mp4");
                readOn(own.api(), read);
                if (round % 2 == 0) {
                    own.children("postgres").forEach(pid -> Server.signal("KILL", pid));
                    own.awaitReady();
                } else {
                    own.killEverything();
                    own.restart();
                }
            }
            await("everything is done").atMost(Duration.ofMinutes(2)).until(() -> {
                readOn(own.api(), read);
                return read.stream()
                                .filter(event -> event.path("type").asString().equals("job.completed"))
                                .count()
                        == 4;
            });

            List<JsonNode> all = new ArrayList<>();
            readOn(own.api(), all);
            assertThat(read).isEqualTo(all).doesNotHaveDuplicates();
            assertThat(read)
                    .as("what the log has, whatever its readers say")
                    .extracting(event -> event.path("id").asString())
                    .isEqualTo(log(own));
        }
    }

    /** The line to the database breaks while a job runs, for as long as it takes to see that the one connection beats on; then it tells what has happened since. */
    @Test
    void aJobsStreamStaysWhileTheDatabaseIsAway() throws Exception {
        String password = Files.readString(server.data().resolve("postgres/password"));
        String port = port(server);
        try (Connection connection = database(server);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE away");
        }
        try (Line line = Line.to(URI.create("http://127.0.0.1:" + port));
                Server own = Server.start(Map.of(
                        "CLAIMCHECK_RETRY_BASE_DELAY",
                        "100ms",
                        "CLAIMCHECK_DATABASE_URL",
                        "postgres://claimcheck:" + password + "@127.0.0.1:"
                                + line.address().getPort() + "/away"))) {
            String job = own.api().upload(Clip.mp4(15, "640x360"), "away.mp4").text("job_id");
            AtomicInteger beats = new AtomicInteger();
            CompletableFuture<List<Message>> reading = CompletableFuture.supplyAsync(() -> read(own.api(), job, beats));
            own.api()
                    .watch(
                            job,
                            Duration.ofMinutes(1),
                            status -> status.path("progress").asDouble(0) > 5);

            line.breakDown();
            int before = beats.get();
            await("the stream beats on")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> reading.isDone() || beats.get() >= before + 3);
            assertThat(reading).isNotDone();
            line.repair();

            List<Message> life = reading.get(3, TimeUnit.MINUTES);
            assertThat(events(life)).startsWith("job.created").endsWith("job.completed");
            assertThat(logged(life))
                    .as("everything, once, in order, through one connection")
                    .isEqualTo(page(own.api(), "/videos/jobs/" + job + "/events?limit=1000"));
        }
    }

    private static String port(Server of) throws Exception {
        return Files.readAllLines(of.data().resolve("postgres/cluster/postmaster.pid"))
                .get(3)
                .strip();
    }

    private static Connection database(Server of) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port(of) + "/postgres",
                "claimcheck",
                Files.readString(of.data().resolve("postgres/password")));
    }

    /** The ids of all events, past every interface. */
    private static List<String> log(Server of) throws Exception {
        List<String> ids = new ArrayList<>();
        try (Connection connection = database(of);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT event_id FROM event ORDER BY xid, event_id")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }

    private static List<Message> read(Api api, String job, AtomicInteger beats) {
        try {
            return stream(api, "/videos/jobs/" + job + "/events", "", beats);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void readOn(Api api, List<JsonNode> read) {
        while (true) {
            String after = read.isEmpty() ? "0" : read.getLast().path("id").asString();
            List<JsonNode> page = api.get("/events?limit=7&after=" + after)
                    .body()
                    .path("events")
                    .valueStream()
                    .toList();
            if (page.isEmpty()) {
                return;
            }
            read.addAll(page);
        }
    }

    private static List<JsonNode> page(String path) {
        return page(api, path);
    }

    private static List<JsonNode> page(Api api, String path) {
        Api.Answer answer = api.send(
                api.request(path).header("Accept", "application/json").GET().build());
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().path("events").valueStream().toList();
    }

    private static List<String> events(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.id().isPresent())
                .map(Message::event)
                .toList();
    }

    private static List<JsonNode> logged(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.id().isPresent())
                .map(Message::data)
                .toList();
    }

    private static HttpRequest request(String path, String last) {
        return request(api, path, last);
    }

    private static HttpRequest request(Api api, String path, String last) {
        HttpRequest.Builder request =
                api.request(path).header("Accept", "text/event-stream").timeout(Duration.ofMinutes(2));
        if (!last.isEmpty()) {
            request.header("Last-Event-ID", last);
        }
        return request.build();
    }

    /** Reads the stream to its end. */
    private static List<Message> stream(String path, String last) throws Exception {
        return stream(api, path, last, new AtomicInteger());
    }

    /** As above; {@code beats} counts what only keeps the connection alive. */
    private static List<Message> stream(Api api, String path, String last, AtomicInteger beats) throws Exception {
        HttpRequest request = request(api, path, last);
        var response = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        ApiContract.check(request, response.statusCode(), response.headers(), null);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        List<Message> messages = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            Optional<String> id = Optional.empty();
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(":")) {
                    beats.incrementAndGet();
                } else if (line.startsWith("id: ")) {
                    id = Optional.of(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    JsonNode data = JsonMapper.shared().readTree(line.substring(6));
                    ApiContract.checkEvent(event, data);
                    messages.add(new Message(id, event, data));
                    id = Optional.empty();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return messages;
    }
}
