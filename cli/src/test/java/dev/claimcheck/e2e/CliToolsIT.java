package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.e2e.Cli.Ran;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line's tools for operators and scripts, in pipes and on real terminals, through kills and restarts. */
class CliToolsIT {
    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start(Map.of());
        server.api()
                .awaitCompleted(server.api()
                        .upload(Clip.mp4(1, "320x180"), "Sommerurlaub am Meer – ein sehr langer Name 日本.mp4")
                        .text("job_id"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void followingEventsOutlivesTheServiceAndMissesNothing() throws Exception {
        try (Server own =
                Server.start(Map.of("CLAIMCHECK_LEASE_DURATION", "3s", "CLAIMCHECK_LEASE_RENEW_EVERY", "1s"))) {
            own.api().upload(nothing("before"), "before.mp4");
            String from = own.api().get("/events?after=latest").text("next");
            Cli follower = Cli.start(
                    "events",
                    "-f",
                    "--json",
                    "--after",
                    "0",
                    "--data",
                    own.data().toString());
            awaitLines(follower, 3);

            own.killEverything();
            await("it says that it waits")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> follower.err().contains("Trying again"));
            own.restart();
            own.api().upload(nothing("after"), "after.mp4");
            await("both jobs have ended")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> types(follower).stream()
                                    .filter("job.failed"::equals)
                                    .count()
                            == 2);
            follower.signal("INT");

            List<JsonNode> log = new ArrayList<>();
            own.api().get("/events?limit=1000").body().path("events").forEach(log::add);
            assertThat(lines(follower)).as("every event once, in order").isEqualTo(log);
            assertThat(Cli.run(
                                    "events",
                                    "--after",
                                    from,
                                    "--type",
                                    "job.created",
                                    "--data",
                                    own.data().toString())
                            .out()
                            .lines())
                    .hasSize(1);
        }
    }

    @Test
    void aFolderThatWasKilledGoesOnWithWhatIsMissing() throws Exception {
        Path folder = Clip.WORK.resolve("folder-" + System.nanoTime());
        Files.createDirectories(folder.resolve("deeper"));
        int files = 150;
        for (int number = 0; number < files; number++) {
            Files.writeString(
                    folder.resolve((number % 2 == 0 ? "deeper/" : "") + "file " + number + ".mp4"),
                    "no video " + number + " " + System.nanoTime());
        }
        String[] command = {
            "upload",
            folder.toString(),
            "--at-once",
            "1",
            "--data",
            server.data().toString()
        };
        int before =
                server.api().get("/videos/jobs/counts").body().path("total").asInt();
        Cli killed = Cli.start(command);
        await("some files are handed in")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> killed.err().contains("Job "));
        assertThat(killed.signal("KILL").exit()).isEqualTo(137);

        Ran again = Cli.run(command);

        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.out())
                .contains(files + " of " + files + " files are handed in, ")
                .contains(" of them before");
        long sentAgain =
                again.err().lines().filter(line -> line.contains("Job ")).count();
        assertThat(sentAgain).as("what was there is not sent").isBetween(1L, files - 1L);
        assertThat(server.api().get("/videos/jobs/counts").body().path("total").asInt() - before)
                .as("each file is one job")
                .isEqualTo(files);
        Ran third = Cli.run(command);
        assertThat(third.out()).contains(files + " of them before");
        assertThat(third.err()).as("plain lines in a pipe").doesNotContain("\u001b", "\r");
        Ran waited = Cli.run(
                "upload",
                folder.resolve("file 1.mp4").toString(),
                folder.resolve("file 3.mp4").toString(),
                "--wait",
                "--data",
                server.data().toString());
        assertThat(waited.exit()).as("the jobs failed: " + waited.err()).isEqualTo(1);
        assertThat(waited.err()).contains("file 1.mp4: failed: ");
    }

    @Test
    void completionWorksInBash() {
        String script = "source <(" + Server.LAUNCHER + " completion bash); "
                + "compopt() { :; }; complete() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _complete_claimcheck; echo \"${COMPREPLY[@]}\"; }; "
                + "complete claimcheck de; complete claimcheck webhooks re; complete claimcheck jobs --sta";

        Ran completed = Cli.execute(List.of("bash", "-c", script)).await();

        assertThat(completed.err()).isEmpty();
        assertThat(completed.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line.split(" ")).contains("demo", "delete", "dead-letters"),
                        line -> assertThat(line.split(" ")).contains("replay", "remove"),
                        line -> assertThat(line.split(" ")).contains("--status"));
    }

    @Test
    void tablesFitTheirTerminal() {
        Map<Integer, List<String>> commands = Map.of(
                40, List.of("jobs", "top --once", "timeline JOB"),
                80, List.of("jobs", "top --once", "keys"),
                200, List.of("dead-letters"));
        commands.forEach((width, each) -> each.forEach(command -> {
            String session = terminal(width, "NO_COLOR=1", command);
            assertThat(session).as(command).doesNotContain("\u001b", "Exception", "claimcheck: ");
            assertThat(session.lines())
                    .as(command + " at " + width)
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(columns(line)).isLessThanOrEqualTo(width));
        }));
        assertThat(terminal(200, "TERM=xterm", "jobs -q Sommerurlaub"))
                .contains("\u001b[32mCOMPLETED", "STATUS", "100 %");
        assertThat(terminal(40, "NO_COLOR=1", "jobs -q Sommerurlaub")).contains("COMPLETED", "…");
        assertThat(terminal(80, "TERM=dumb", "jobs")).doesNotContain("\u001b");
    }

    @Test
    void topDrawsInPlaceAndLeavesTheScreenAsItWas() {
        String session = onTerminal(80, "TERM=xterm", "timeout -s INT 8 " + Server.LAUNCHER + " top --interval 1");

        assertThat(session).contains("\u001b[?1049h", "video_processing").endsWith("\u001b[?25h\u001b[?1049l");
        assertThat(session.split("\u001b\\[H", -1).length).as("frames").isGreaterThan(2);
        Ran once = Cli.run("top", "--once", "--json", "--data", server.data().toString());
        assertThat(once.json().path("queues")).hasSize(3);
        Ran plain = Cli.run("top", "--once", "--data", server.data().toString());
        assertThat(plain.out()).contains("video_processing", "idle: ").doesNotContain("\u001b");
    }

    @Test
    void aJobIsHandledByItsShortNumber() {
        String job = Cli.run(
                        "jobs",
                        "-q",
                        "Sommerurlaub",
                        "--ids",
                        "--data",
                        server.data().toString())
                .out()
                .strip();
        String brief = job.substring(28);

        assertThat(Cli.run("status", brief, "--data", server.data().toString()).out())
                .contains(job);
        assertThat(Cli.run("timeline", brief, "--data", server.data().toString())
                        .out())
                .contains("metadata", "transcode/000", "succeeded");
        assertThat(Cli.run("retry", brief, "--data", server.data().toString()).exit())
                .isEqualTo(4);
        Ran process = Cli.run(
                "process",
                brief,
                "--profile",
                "preview",
                "--data",
                server.data().toString());
        assertThat(process.exit()).as(process.err()).isIn(0, 4);
    }

    @Test
    void keysAreMadeUsedAndRevoked() {
        Ran made = Cli.run(
                "keys",
                "create",
                "--owner",
                "dora",
                "--name",
                "laptop",
                "--expires-in",
                "24h",
                "--data",
                server.data().toString());
        assertThat(made.exit()).as(made.err()).isZero();
        String key = made.out().strip();
        String url = server.baseUri().toString();

        assertThat(Cli.run("jobs", "--url", url, "--key", key).out()).contains("No jobs yet");
        Ran refused = Cli.run("top", "--once", "--url", url, "--key", key);
        assertThat(refused.exit()).isEqualTo(4);
        assertThat(refused.err()).contains("admin key");
        JsonNode keys = Cli.run("keys", "--json", "--data", server.data().toString())
                .json()
                .path("keys");
        String id = keys.valueStream()
                .filter(one -> one.path("owner").asString().equals("dora"))
                .findFirst()
                .orElseThrow()
                .path("key_id")
                .asString();
        assertThat(Cli.run("keys", "revoke", id, "--data", server.data().toString())
                        .exit())
                .isZero();
        assertThat(Cli.run("jobs", "--url", url, "--key", key).exit()).isEqualTo(4);
    }

    /** What a terminal of that width gets to see. */
    private static String terminal(int width, String setting, String command) {
        String job = command.contains("JOB")
                ? Cli.run(
                                "jobs",
                                "-q",
                                "Sommerurlaub",
                                "--ids",
                                "--data",
                                server.data().toString())
                        .out()
                        .strip()
                : "";
        return onTerminal(width, setting, Server.LAUNCHER + " " + command.replace("JOB", job));
    }

    private static String onTerminal(int width, String setting, String command) {
        String line = "stty cols " + width + " rows 40; export CLAIMCHECK_DATA='" + server.data() + "' " + setting
                + "; " + command;
        Ran ran = Cli.execute(List.of("script", "-qec", line, "/dev/null")).await();
        return ran.out().replace("\r\n", "\n");
    }

    private static int columns(String line) {
        return line.codePoints().map(point -> point >= 0x2E80 ? 2 : 1).sum();
    }

    private static Path nothing(String name) {
        return Clip.bytes(name + ".mp4", ("no video " + name + System.nanoTime()).getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitLines(Cli cli, int least) {
        await("lines").atMost(Duration.ofSeconds(60)).until(() -> lines(cli).size() >= least);
    }

    private static List<String> types(Cli cli) throws Exception {
        return lines(cli).stream().map(event -> event.path("type").asString()).toList();
    }

    private static List<JsonNode> lines(Cli cli) throws Exception {
        return Files.readString(cli.outFile())
                .lines()
                .filter(line -> line.endsWith("}"))
                .map(JsonMapper.shared()::readTree)
                .toList();
    }
}
