package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.media.Ladder;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a job costs beyond the best ffmpeg command that makes the same ladder, and what the service costs beyond its jobs. */
final class JobMeasurements {
    private static final Profile WEB = Profiles.builtIn().find("web").orElseThrow();

    /** Every way is tried where it takes seconds; of a long clip the one that was quickest at a minute of it. */
    private static final int SHORT_SECONDS = 10;

    private static final int LONG_SECONDS = 120;
    private static final Duration LONGEST_JOB = Duration.ofHours(1);
    private static final String IN_ONE_GO = "the service's own command for sources that are not cut";

    private JobMeasurements() {}

    static List<String> job(Path folder, Clips clips, int rounds) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
        List<String> lines = new ArrayList<>(List.of(
                "## A job against the best ffmpeg ladder command",
                "",
                "Wall seconds from the job's creation to its completion (every size, sound, poster, storyboard, HLS, DASH, fast-start MP4, verification), against one ffmpeg that makes the same sizes with the same encoder settings "
                        + "as HLS, in turn; min / median / max of " + rounds
                        + ". Of the commands below the quickest counts: all of them for short clips, for 1 min those two that were quickest in the first round, for 5 min the quickest at 1 min.",
                "",
                "| clip | job | best command | job ÷ command | job − command |",
                "| --- | --- | --- | --- | --- |"));
        List<String> ways = new ArrayList<>();
        try (Child _ = server.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(server.url("/")), server.key());
            List<String> contenders = names();
            for (Clips.Kind kind : List.of(
                    new Clips.Kind(2, 1920, 1080),
                    new Clips.Kind(5, 1280, 720),
                    new Clips.Kind(60, 1920, 1080),
                    new Clips.Kind(300, 1920, 1080))) {
                List<String> tried = kind.seconds() > LONG_SECONDS ? contenders.subList(0, 1) : names();
                Comparison comparison = compare(new Bench(folder, clips, client), kind, rounds, tried);
                lines.add(comparison.row());
                ways.add(comparison.ways());
                contenders = comparison.order().stream().map(Command::name).toList();
            }
        }
        lines.add("");
        lines.add("Median seconds of the commands:");
        lines.add("");
        lines.addAll(ways);
        return lines;
    }

    /** What a comparison works with. */
    private record Bench(Path folder, Clips clips, ClaimcheckClient client) {}

    /** A way to make the ladder, and what it took in each round. */
    private record Command(String name, Figures seconds) {}

    private record Comparison(Clips.Kind kind, Figures job, List<Command> commands) {
        /** Quickest first. */
        List<Command> order() {
            return commands.stream()
                    .sorted(Comparator.comparingDouble(
                            command -> command.seconds().median()))
                    .toList();
        }

        /** The commands that were tried in every round. */
        private Figures fastest() {
            return order().stream()
                    .map(Command::seconds)
                    .filter(seconds -> seconds.size() == job.size())
                    .findFirst()
                    .orElseThrow();
        }

        String row() {
            Figures ratio = new Figures();
            Figures extra = new Figures();
            Figures fastest = fastest();
            for (int round = 0; round < job.size(); round++) {
                ratio.add(job.get(round) / fastest.get(round));
                extra.add(job.get(round) - fastest.get(round));
            }
            return "| " + kind + " | " + job.range("%.2f") + " | " + fastest.range("%.2f") + " | " + ratio.range("%.3f")
                    + " | " + extra.range("%.2f") + " |";
        }

        String ways() {
            return "- " + kind + ": "
                    + String.join(
                            "; ",
                            order().stream()
                                    .map(command -> String.format(
                                            Locale.ROOT,
                                            "%s %.2f",
                                            command.name(),
                                            command.seconds().median()))
                                    .toList());
        }
    }

    private static Comparison compare(Bench bench, Clips.Kind kind, int rounds, List<String> tried)
            throws IOException, InterruptedException {
        Comparison comparison = new Comparison(
                kind,
                new Figures(),
                tried.stream().map(name -> new Command(name, new Figures())).toList());
        List<Command> left = comparison.commands();
        for (int round = 0; round < rounds; round++) {
            Path clip = bench.clips().fresh(kind, bench.folder());
            JsonNode job = finished(
                    bench.client(), bench.client().upload(clip, (_, _) -> {}).jobId());
            double took = between(job, "created_at", "finished_at");
            comparison.job().add(took);
            System.out.printf(Locale.ROOT, "  %s: job %.2f s (%s)%n", kind, took, StepTimeline.text(job));
            for (Command command : left) {
                double seconds = commandSeconds(bench, clip, kind, command.name());
                System.out.printf(Locale.ROOT, "  %s: %s %.2f s%n", kind, command.name(), seconds);
                command.seconds().add(seconds);
            }
            if (round == 0 && kind.seconds() > SHORT_SECONDS) {
                left = comparison.order().subList(0, Math.min(2, left.size()));
            }
            bench.client().jobs().delete(job.path("job_id").asString());
            Files.delete(clip);
        }
        return comparison;
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(
                HandWritten.VARIANTS.stream().map(HandWritten.Variant::name).toList());
        names.add(IN_ONE_GO);
        return names;
    }

    private static double commandSeconds(Bench bench, Path clip, Clips.Kind kind, String name)
            throws IOException, InterruptedException {
        SourceInfo source = source(kind);
        List<Rendition> ladder = Ladder.of(source.video().orElseThrow(), WEB);
        List<String> arguments = HandWritten.VARIANTS.stream()
                .filter(variant -> variant.name().equals(name))
                .findFirst()
                .map(variant -> HandWritten.arguments(variant, clip, WEB, ladder))
                .orElseGet(() -> TranscodeCommand.arguments(
                        TranscodeTask.inOneGo(source, WEB), new MediaInput.LocalFile(clip), Optional.empty()));
        Path work = Files.createTempDirectory(bench.folder(), "command");
        long began = System.nanoTime();
        bench.clips().execute(work, arguments);
        double seconds = (System.nanoTime() - began) / 1e9;
        Child.deleteTree(work);
        return seconds;
    }

    static List<String> start(Path folder) throws IOException, InterruptedException {
        Figures warm = new Figures();
        double cold = 0;
        long memory = 0;
        for (int round = 0; round < 6; round++) {
            long began = System.nanoTime();
            Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
            double seconds = (System.nanoTime() - began) / 1e9;
            try (Child child = server.child()) {
                if (round == 0) {
                    cold = seconds;
                } else {
                    warm.add(seconds);
                }
                if (round == 5) {
                    Thread.sleep(Duration.ofSeconds(30));
                    memory = child.residentMegabytes();
                }
            }
        }
        return List.of(
                "## Start and memory",
                "",
                String.format(
                        Locale.ROOT,
                        "From the command to `/health/ready`, embedded Postgres included: %.1f s on an empty folder, then %s s (min / median / max of 5). Resident memory of the service after 30 idle "
                                + "seconds, Postgres apart: %d MB.",
                        cold,
                        warm.range("%.2f"),
                        memory));
    }

    /** What the service's own probe would find in a clip. */
    static SourceInfo source(Clips.Kind kind) {
        SourceInfo.VideoStream video = new SourceInfo.VideoStream(
                0,
                "h264",
                kind.width(),
                kind.height(),
                kind.width(),
                kind.height(),
                0,
                30,
                0,
                "yuv420p",
                "progressive",
                "",
                "",
                "",
                "",
                0);
        return new SourceInfo(
                "mov",
                "mov",
                kind.seconds(),
                0,
                0,
                Optional.of(video),
                List.of(new SourceInfo.AudioStream(1, "aac", 1, "mono", 44_100, 0, "")),
                1,
                List.of(),
                Optional.empty());
    }

    /** Waits as the client library does: to ask more often would take time from the job. */
    static JsonNode finished(ClaimcheckClient client, String job) throws InterruptedException {
        client.await(job, LONGEST_JOB);
        JsonNode status = client.jobs().get(job).json();
        if (!status.path("status").asString("").equals("COMPLETED")) {
            throw new IllegalStateException(status.toString());
        }
        return status;
    }

    static double between(JsonNode job, String from, String to) {
        return Duration.between(
                                Instant.parse(job.path(from).asString()),
                                Instant.parse(job.path(to).asString()))
                        .toMillis()
                / 1000.0;
    }
}
