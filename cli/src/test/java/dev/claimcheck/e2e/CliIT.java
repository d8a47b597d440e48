package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.e2e.Cli.Ran;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command line as people and scripts use it. */
class CliIT {
    private static Server server;

    @BeforeAll
    static void start() {
        server = Server.start(Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void uploadsWaitsAndFindsServerAndKeyByItself() {
        Ran uploaded = run(
                "upload",
                Clip.mp4(2, "320x180").toString(),
                "--wait",
                "--data",
                server.data().toString(),
                "--filename",
                "my clip.mp4");

        assertThat(uploaded.exit()).as(uploaded.err()).isZero();
        assertThat(uploaded.out())
                .contains(
                        "Done: my clip.mp4",
                        "Watch:",
                        "Download:",
                        "Thumbnail:",
                        server.baseUri().toString());
        assertThat(uploaded.err())
                .as("progress in a pipe is plain lines")
                .contains("Uploading", "Processing 100 %")
                .doesNotContain("\u001b", "\r");
    }

    @Test
    void speaksJsonToScripts() {
        Ran uploaded = run(
                "upload",
                Clip.mp4(1, "320x180").toString(),
                "--wait",
                "--json",
                "--data",
                server.data().toString());
        String job = uploaded.json().path("job_id").asString("");

        assertThat(uploaded.json().path("status").asString("")).isEqualTo("COMPLETED");
        assertThat(uploaded.err()).isEmpty();
        assertThat(run("status", job, "--json", "--data", server.data().toString())
                        .json()
                        .path("job_id")
                        .asString(""))
                .isEqualTo(job);
        assertThat(run(
                                "jobs",
                                "--json",
                                "--status",
                                "COMPLETED",
                                "--data",
                                server.data().toString())
                        .json()
                        .path("jobs"))
                .isNotEmpty();
        assertThat(run("delete", job, "--data", server.data().toString()).exit())
                .isZero();
    }

    @Test
    void exitCodesTellWhatWentWrong() {
        String data = server.data().toString();
        Path noVideo = Clip.bytes("t.mp4", ("no video " + System.nanoTime()).getBytes(StandardCharsets.UTF_8));

        Ran failed = run("upload", noVideo.toString(), "--wait", "--data", data);
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("Failed:", "not a video");
        assertThat(run("upload", "/nowhere/video.mp4", "--data", data).exit()).isEqualTo(2);
        assertThat(run("serve", "--set", "prot=1").exit()).isEqualTo(2);
        assertThat(run("jobs", "--url", "http://127.0.0.1:1", "--key", "none").exit())
                .isEqualTo(3);
        Ran refused = run("cancel", "01900000-0000-7000-8000-000000000000", "--data", data);
        assertThat(refused.exit()).isEqualTo(4);
        assertThat(refused.err()).contains("You have no job of this id").doesNotContain("Exception");
        assertThat(run("serve", "--data", data, "--port", "0").err())
                .as("a second service on the same folder")
                .contains("another service is using");
    }

    @Test
    void theDemoTakesAClipThroughTheWholeWay() {
        Path data = Clip.WORK.resolve("demo-" + System.nanoTime());

        Ran demo = run("demo", "--exit", "--data", data.toString());

        assertThat(demo.exit()).as(demo.err()).isZero();
        assertThat(demo.out())
                .contains("Done: demo.mp4", "Watch:", "transcode/000", "Console:", "Status:")
                .doesNotContain("does not work");
        try (var all = ProcessHandle.allProcesses()) {
            assertThat(all.map(one -> Server.commandLine(one.pid())).filter(line -> line.contains(data.toString())))
                    .isEmpty();
        }
        Clip.deleteTree(data);
    }

    @Test
    void theDoctorLooksAtTheMachine() {
        Ran doctor =
                run("doctor", "--json", "--data", Clip.WORK.resolve("doctor").toString(), "--port", "0");

        assertThat(doctor.exit()).as(doctor.out()).isZero();
        assertThat(doctor.json()
                        .path("checks")
                        .valueStream()
                        .map(check -> check.path("check").asString("")))
                .contains("java", "disk", "port", "limits", "isolation", "ffmpeg", "database");
        assertThat(run("doctor", "--data", "/proc/nowhere").exit()).isEqualTo(1);
    }

    /** Both bars on a real terminal, as they stand in the middle and at the end; gives the lines for the documentation's picture. */
    static List<String> terminalSession(Path clip, Server at) {
        String command = "stty cols 100 rows 30; " + Server.LAUNCHER + " upload '" + clip + "' --wait --data '"
                + at.data() + "' --filename 'Summer holiday.mp4'";
        Ran session =
                Cli.execute(List.of("script", "-qec", command, "/dev/null")).await();
        List<String> frames = Arrays.stream(session.out().split("\r\u001b\\[K|\r?\n", -1))
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> processing = frames.stream()
                .filter(line -> line.startsWith("Processing") && line.contains("Transcoding"))
                .toList();
        assertThat(processing).as(session.out()).isNotEmpty();
        List<String> picture = new ArrayList<>();
        picture.add("$ claimcheck upload 'Summer holiday.mp4' --wait");
        picture.add(frames.stream()
                .filter(line -> line.startsWith("Uploading") && line.contains("100.0 %"))
                .findFirst()
                .orElseThrow());
        picture.add(processing.get(processing.size() / 2));
        assertThat(frames)
                .allSatisfy(line -> assertThat(line.startsWith("  ") || line.length() <= 100)
                        .isTrue());
        return picture;
    }

    private static Ran run(String... arguments) {
        return Cli.run(arguments);
    }
}
