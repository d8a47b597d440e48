package dev.claimcheck.bench;

import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Isolation;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessLimits;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TimelineScan;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.VideoCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Whether two processors are used best by two chunks with one encoder thread each, or by one chunk after the other with two. */
final class ProcessMeasurements {
    private ProcessMeasurements() {}

    static List<String> processes(Path folder, Clips clips, int rounds) throws IOException, InterruptedException {
        Clips.Kind kind = new Clips.Kind(60, 1920, 1080);
        MediaInput input = new MediaInput.LocalFile(clips.fresh(kind, folder));
        SourceInfo source = JobMeasurements.source(kind);
        // Whole chunks behind the intro: 8, 12 and 16 s, and the 12 s that are left.
        List<Chunk> chunks = chunks(folder, clips, source, input).subList(ChunkPlan.INTRO_CHUNKS, 6);
        TranscodeTask task =
                TranscodeTask.inOneGo(source, Profiles.builtIn().find("web").orElseThrow());
        List<List<String>> one = new ArrayList<>();
        List<List<String>> two = new ArrayList<>();
        for (Chunk chunk : chunks) {
            List<String> arguments = TranscodeCommand.arguments(
                    task.of(Optional.of(chunk), task.renditions(), TranscodeTask.Sound.NONE), input, Optional.empty());
            one.add(arguments);
            two.add(threads(arguments, 2));
        }
        Figures side = new Figures();
        Figures turn = new Figures();
        Figures both = new Figures();
        Figures ratio = new Figures();
        for (int round = 0; round < rounds; round++) {
            double beside = seconds(folder, clips, one, 2);
            double inTurn = seconds(folder, clips, two, 1);
            side.add(beside);
            turn.add(inTurn);
            both.add(seconds(folder, clips, two, 2));
            ratio.add(inTurn / beside);
        }
        return List.of(
                "## Two chunks at a time, or two threads",
                "",
                "Wall seconds for four chunks of 1080p (8, 12, 16, 12 s, every size), by the service's own commands; min / median / max of "
                        + rounds + " rounds in turn.",
                "",
                "| two processes, one encoder thread each (default) | one process, two threads per encoder | two processes, two threads each | one process ÷ two processes |",
                "| --- | --- | --- | --- |",
                "| " + side.range("%.2f") + " | " + turn.range("%.2f") + " | " + both.range("%.2f") + " | "
                        + ratio.range("%.3f") + " |");
    }

    /** The plan that the service makes for it. */
    static List<Chunk> chunks(Path folder, Clips clips, SourceInfo source, MediaInput input)
            throws InterruptedException {
        MediaProcesses processes = new MediaProcesses(
                clips.tools(),
                Isolation.limitsAlone(),
                new ProcessLimits(
                        OptionalInt.empty(),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(5),
                        4L << 30,
                        1L << 30,
                        1_000,
                        64 << 20));
        return ChunkPlan.chunks(new TimelineScan(processes).whole(source, input, folder), VideoCodec.H264);
    }

    /** The same with so many threads per encoder, and decoding as ffmpeg likes. */
    private static List<String> threads(List<String> arguments, int threads) {
        List<String> changed = new ArrayList<>(arguments);
        for (int index = 0; index + 1 < changed.size(); index++) {
            if (changed.get(index).equals("-threads")) {
                changed.set(index + 1, Integer.toString(threads));
            }
        }
        return changed;
    }

    /** Until all commands have ended, of which so many run at a time. */
    private static double seconds(Path folder, Clips clips, List<List<String>> commands, int atOnce)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        List<Process> running = new ArrayList<>();
        for (List<String> command : commands) {
            while (running.size() == atOnce) {
                if (!removeEnded(running)) {
                    Thread.sleep(5);
                }
            }
            Path work = Files.createTempDirectory(folder, "chunk");
            Process process = clips.start(work, command);
            Thread.ofVirtual().start(() -> drain(process));
            running.add(process);
        }
        for (Process process : running) {
            check(process.waitFor());
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private static boolean removeEnded(List<Process> running) throws IOException {
        for (Process process : running) {
            if (!process.isAlive()) {
                check(process.exitValue());
                running.remove(process);
                return true;
            }
        }
        return false;
    }

    private static void check(int exit) throws IOException {
        if (exit != 0) {
            throw new IOException("a chunk's ffmpeg failed with " + exit);
        }
    }

    private static void drain(Process process) {
        try {
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
