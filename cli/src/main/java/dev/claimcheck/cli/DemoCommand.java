package dev.claimcheck.cli;

import dev.claimcheck.Application;
import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadReceipt;
import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.config.Setting;
import dev.claimcheck.media.FfmpegTools;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Shows the whole way of a video on this machine. */
@Command(
        name = "demo",
        description =
                "Start everything, take a real clip through the whole way, print links that work. Stays up until Ctrl-C.",
        footer = {"", "Examples:", "  claimcheck demo", "  claimcheck demo --exit --json     for scripts"})
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./claimcheck-data/demo",
            description = "Data folder (default ./claimcheck-data/demo).")
    private String data = "";

    @Option(names = "--port", paramLabel = "PORT", defaultValue = "0", description = "Port (default: any free one).")
    private String port = "";

    @Option(names = "--exit", description = "End when the clip is ready: for scripts.")
    private boolean exit;

    @Option(
            names = "--json",
            description =
                    "The job's last status as one JSON document on standard output; all else goes to standard error.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        PrintWriter out =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        long began = System.nanoTime();
        out.println("Starting Claimcheck in " + data + " …");
        out.flush();
        ServiceConfig config = ServiceConfig.load(
                Map.of(Setting.DATA.key(), data, Setting.PORT.key(), port, Setting.LOG_LEVEL.key(), "warn"),
                System.getenv(),
                Optional.empty());
        Application application = Application.start(config);
        Runtime.getRuntime().addShutdownHook(new Thread(application::close, "stop"));
        Duration start = since(began);
        Path clip = makeClip(application.tools(), config.data());
        out.println("Made a clip of 20 s with picture and sound: " + Words.size(Files.size(clip)));
        out.flush();
        ClaimcheckClient client = ClaimcheckClient.connect(
                application.address(),
                Files.readString(application.adminKeyFile()).strip());
        JobFollower follower = new JobFollower(client, false);
        long uploading = System.nanoTime();
        UploadReceipt receipt = follower.upload(clip, UploadOptions.defaults().withFilename("demo.mp4"));
        Duration upload = since(uploading);
        JobStatus status = follower.follow(receipt.jobId(), Duration.ofMinutes(15));
        Files.delete(clip);
        out.println();
        follower.printResult(status, out);
        printTimes(out, start, upload, client.jobs().get(receipt.jobId()).json());
        boolean working = !status.isCompleted() || linksWork(client, status, out);
        out.println();
        out.println("Console:  " + application.consoleLink() + "  (works once)");
        out.println("Status:   curl -H \"Authorization: Bearer $(cat " + application.adminKeyFile() + ")\" "
                + client.resolve(receipt.statusUrl()));
        out.println("Yours:    ./claimcheck upload FILE --wait --data " + data);
        if (json) {
            spec.commandLine().getOut().println(status.json());
            spec.commandLine().getOut().flush();
        }
        int code = working ? JobFollower.exitCode(status) : ExitCode.JOB_FAILED;
        if (!exit) {
            out.println();
            out.println("Running until Ctrl-C.");
            out.flush();
            application.awaitStop();
        }
        out.flush();
        return code;
    }

    private static void printTimes(PrintWriter out, Duration start, Duration upload, JsonNode job) {
        out.println();
        out.println("Times:");
        out.println(String.format("  %-16s %s", "service start", Words.precise(start)));
        out.println(String.format("  %-16s %s", "upload", Words.precise(upload)));
        for (JsonNode step : job.path("steps")) {
            if (step.has("started_at") && step.has("finished_at")) {
                Duration took = Duration.between(
                        Instant.parse(step.path("started_at").asString()),
                        Instant.parse(step.path("finished_at").asString()));
                out.println(String.format("  %-16s %s", step.path("name").asString(), Words.precise(took)));
            }
        }
        out.flush();
    }

    /** Fetches every link once, as a browser would. */
    private static boolean linksWork(ClaimcheckClient client, JobStatus status, PrintWriter out)
            throws IOException, InterruptedException {
        boolean all = true;
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (Optional<String> link : List.of(status.videoUrl(), status.downloadUrl(), status.thumbnailUrl())) {
                int answer = http.send(
                                HttpRequest.newBuilder(client.resolve(link.orElseThrow()))
                                        .build(),
                                BodyHandlers.discarding())
                        .statusCode();
                if (answer != 200) {
                    out.println("A link does not work (" + answer + "): " + link.get());
                    all = false;
                }
            }
        }
        return all;
    }

    /** A different clip at each call: the same one again would be the same job. */
    private static Path makeClip(FfmpegTools tools, Path folder) throws IOException, InterruptedException {
        Path clip = folder.resolve("demo-clip.mp4");
        ProcessBuilder builder = new ProcessBuilder(
                tools.ffmpeg().toString(),
                "-nostdin",
                "-y",
                "-hide_banner",
                "-loglevel",
                "error",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=1280x720:rate=30:duration=20",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=330:beep_factor=4:sample_rate=48000:duration=20",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-metadata",
                "comment=made " + Instant.now(),
                clip.toString());
        builder.environment().putAll(tools.environment());
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("ffmpeg cannot make the clip: " + output.strip());
        }
        return clip;
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
