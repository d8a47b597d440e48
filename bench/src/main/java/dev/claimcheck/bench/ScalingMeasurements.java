package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.MediaInput;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Whether twice as many workers make a video twice as quickly. Each worker is a service of its own with the same slice of a processor, held by a control group, so that four of them fit on two cores. A
 * {@link Schedule} of the steps, with what they took on one worker, says what should come out; with the plan of a long video it says what would on a larger fleet.
 */
final class ScalingMeasurements {
    private static final double SLICE = 0.4;
    private static final Clips.Kind KIND = new Clips.Kind(240, 640, 360);
    /** So that what is measured is not the first minute of a Java program. */
    private static final Clips.Kind WARMING_UP = new Clips.Kind(12, 640, 360);

    private static final Clips.Kind LONG = new Clips.Kind(3600, 64, 64);
    private static final String TRANSCODING = "video_processing";

    private ScalingMeasurements() {}

    /** What so many workers took. */
    private record Fleet(int workers, double seconds) {}

    static List<String> scaling(Path folder, Clips clips) throws IOException, InterruptedException {
        List<Fleet> measured = new ArrayList<>();
        List<StepTimeline.Run> alone = List.of();
        for (int workers : new int[] {1, 2, 4}) {
            Path clip = clips.fresh(KIND, folder);
            JsonNode job = job(Files.createDirectory(folder.resolve("fleet-" + workers)), clips, clip, workers);
            Files.delete(clip);
            measured.add(new Fleet(workers, JobMeasurements.between(job, "started_at", "finished_at")));
            System.out.printf(Locale.ROOT, "  %d workers: %s%n", workers, StepTimeline.text(job));
            alone = workers == 1 ? StepTimeline.of(job) : alone;
        }
        List<Schedule.Task> tasks = tasks(alone);
        List<String> lines = new ArrayList<>(List.of(
                "## Workers",
                "",
                String.format(
                        Locale.ROOT,
                        "One job (%s) on N workers, each a process of its own that gets %.1f of a processor by a control group (one transcode at a time) and has worked on short videos before; seconds from the first step's start to completion. The model is list scheduling "
                                + "of the plan's steps with what they took on one worker.",
                        KIND,
                        SLICE),
                "",
                "| workers | measured | model | measured ÷ model | speed-up ÷ workers |",
                "| --- | --- | --- | --- | --- |"));
        for (Fleet fleet : measured) {
            double model = Schedule.makespan(tasks, fleet.workers());
            lines.add(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.3f | %.3f |",
                    fleet.workers(),
                    fleet.seconds(),
                    model,
                    fleet.seconds() / model,
                    measured.getFirst().seconds() / fleet.seconds() / fleet.workers()));
        }
        lines.add("");
        lines.add(beyond(folder, clips, alone));
        return lines;
    }

    /** The finished job, made by a fleet. */
    private static JsonNode job(Path folder, Clips clips, Path clip, int workers)
            throws IOException, InterruptedException {
        int port = Peers.freePort();
        Peers.Running api =
                Peers.claimcheck(folder.resolve("api"), Map.of("CLAIMCHECK_DATABASE_EMBEDDED_PORT", "" + port), "api");
        try (Child _ = api.child()) {
            List<AutoCloseable> fleet = new ArrayList<>();
            try {
                for (int number = 0; number < workers; number++) {
                    fleet.add(worker(api, port, folder.resolve("worker-" + number)));
                }
                ClaimcheckClient client = ClaimcheckClient.connect(URI.create(api.url("/")), api.key());
                List<String> first = new ArrayList<>();
                for (int number = 0; number < 2 * workers; number++) {
                    Path brief = clips.fresh(WARMING_UP, folder);
                    first.add(client.upload(brief, (_, _) -> {}).jobId());
                }
                for (String job : first) {
                    JobMeasurements.finished(client, job);
                }
                return JobMeasurements.finished(
                        client, client.upload(clip, (_, _) -> {}).jobId());
            } finally {
                close(fleet);
            }
        }
    }

    /** A worker with a folder of its own, but for the objects, and a slice of a processor. */
    private static AutoCloseable worker(Peers.Running api, int databasePort, Path own)
            throws IOException, InterruptedException {
        String password =
                Files.readString(api.folder().resolve("postgres/password")).strip();
        Files.createDirectory(own);
        Files.createSymbolicLink(own.resolve("objects"), api.folder().resolve("objects"));
        Peers.Running worker = Peers.claimcheck(
                own,
                Map.of(
                        "CLAIMCHECK_DATABASE_URL",
                        "postgres://claimcheck:" + password + "@127.0.0.1:" + databasePort + "/postgres",
                        "CLAIMCHECK_QUEUES_VIDEO_PROCESSING_CONCURRENCY",
                        "1"),
                "worker");
        CpuQuota quota = CpuQuota.of(worker.child().pid(), SLICE);
        return () -> {
            worker.child().close();
            quota.remove();
        };
    }

    private static void close(List<AutoCloseable> fleet) throws IOException {
        IOException failed = new IOException("a worker could not be ended");
        for (AutoCloseable worker : fleet) {
            try {
                worker.close();
            } catch (Exception e) {
                failed.addSuppressed(e);
            }
        }
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }

    /** The steps that ran, with the order and the needs that the plan gives them. */
    static List<Schedule.Task> tasks(List<StepTimeline.Run> runs) {
        Map<String, StepTimeline.Run> byName = new TreeMap<>();
        runs.forEach(run -> byName.put(run.name(), run));
        String planned = byName.containsKey("index") ? "index" : "metadata";
        List<String> made = byName.keySet().stream()
                .filter(name -> name.startsWith("transcode/") || name.equals("audio"))
                .toList();
        List<Schedule.Task> tasks = new ArrayList<>();
        byName.values()
                .forEach(run -> tasks.add(new Schedule.Task(
                        run.name(),
                        run.queue().equals(TRANSCODING),
                        run.seconds(),
                        switch (run.name()) {
                            case "metadata" -> List.of();
                            case "transcode/000", "transcode/001", "audio", "index", "thumbnail", "subtitles" ->
                                List.of("metadata");
                            case "fingerprint" -> List.of("transcode/000");
                            case "storyboard", "waveform", "package" -> made;
                            case "finish" ->
                                byName.keySet().stream()
                                        .filter(name -> !name.equals("finish"))
                                        .toList();
                            default ->
                                run.name().startsWith("storyboard/")
                                        ? chunksOf(run.name(), byName.keySet())
                                        : List.of(planned);
                        })));
        return tasks;
    }

    /** A sheet needs the chunks of its stretch: here, all up to the one that lies as far in the video as the sheet does. The other sizes of the beginning, the last two, it does not need. */
    private static List<String> chunksOf(String sheet, Set<String> names) {
        List<String> chunks = names.stream()
                .filter(name -> name.startsWith("transcode/"))
                .sorted()
                .toList();
        chunks = chunks.subList(0, chunks.size() - 2);
        long sheets =
                names.stream().filter(name -> name.startsWith("storyboard/")).count();
        int number = Integer.parseInt(sheet.substring(sheet.indexOf('/') + 1));
        return chunks.subList(0, (int) Math.ceilDiv((long) chunks.size() * number, sheets));
    }

    /** What larger fleets would do with an hour: the real plan of an hour, each chunk at what its seconds took here. */
    private static String beyond(Path folder, Clips clips, List<StepTimeline.Run> alone)
            throws IOException, InterruptedException {
        Path clip = clips.fresh(LONG, folder);
        List<Chunk> chunks =
                ProcessMeasurements.chunks(folder, clips, JobMeasurements.source(LONG), new MediaInput.LocalFile(clip));
        Files.delete(clip);
        // A chunk in every size, and nearly as long as most of an hour are.
        double perSecond =
                StepTimeline.seconds(alone, "transcode/006") / chunks.get(6).seconds();
        List<Schedule.Task> tasks = new ArrayList<>();
        List<String> made = new ArrayList<>(List.of("audio"));
        tasks.add(new Schedule.Task("metadata", false, StepTimeline.seconds(alone, "metadata"), List.of()));
        tasks.add(new Schedule.Task(
                "transcode/000", true, StepTimeline.seconds(alone, "transcode/000"), List.of("metadata")));
        double growth = (double) LONG.seconds() / KIND.seconds();
        tasks.add(new Schedule.Task(
                "audio", true, StepTimeline.seconds(alone, "audio") * growth, List.of("transcode/000")));
        for (int number = 1; number < chunks.size(); number++) {
            String name = "transcode/" + number;
            tasks.add(
                    new Schedule.Task(name, true, chunks.get(number).seconds() * perSecond, List.of("transcode/000")));
            made.add(name);
        }
        // What comes behind the last chunk is not shared out. (The storyboard's sheets are made beside the chunks.)
        for (String ending : List.of("storyboard", "package")) {
            tasks.add(new Schedule.Task(ending, false, StepTimeline.seconds(alone, ending) * growth, made));
        }
        double one = Schedule.makespan(tasks, 1);
        StringBuilder text = new StringBuilder(
                "By the model, an hour of the same (" + chunks.size() + " chunks), speed-up ÷ workers: ");
        List<String> parts = new ArrayList<>();
        for (int workers : new int[] {8, 16, 32, 64, 128}) {
            parts.add(
                    String.format(Locale.ROOT, "%d: %.2f", workers, one / Schedule.makespan(tasks, workers) / workers));
        }
        return text.append(String.join(", ", parts)).append('.').toString();
    }
}
