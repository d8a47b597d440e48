package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the measurements that were asked for, all by default, and writes docs/benchmarks.md. */
public final class Main {
    private Main() {}

    @FunctionalInterface
    private interface Measurement {
        List<String> run(Path folder) throws IOException, InterruptedException;
    }

    public static void main(String[] names) throws IOException, InterruptedException {
        Path shared = Files.createTempDirectory("claimcheck-bench-clips");
        try {
            run(names, new Clips(shared));
        } finally {
            Child.deleteTree(shared);
        }
    }

    private static void run(String[] names, Clips clips) throws IOException, InterruptedException {
        int rounds = rounds();
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("acknowledge", UploadMeasurements::acknowledge);
        all.put("cpu", UploadMeasurements::cpu);
        all.put("patch", ResumableMeasurements::patch);
        all.put("chunks", ResumableMeasurements::chunks);
        all.put("memory", ResumableMeasurements::memory);
        all.put("slow", SlowMeasurements::slow);
        all.put("polls", folder -> PollMeasurements.polls(folder, clips));
        all.put("sse", SseMeasurements::sse);
        all.put("job", folder -> JobMeasurements.job(folder, clips, rounds));
        all.put("processes", folder -> ProcessMeasurements.processes(folder, clips, rounds));
        all.put("scaling", folder -> ScalingMeasurements.scaling(folder, clips));
        all.put("playable", folder -> PlayableMeasurements.playable(folder, clips, rounds));
        all.put("start", JobMeasurements::start);
        all.put("commands", folder -> CommandMeasurements.commands(folder, clips));
        List<String> wanted = names.length == 0 ? List.copyOf(all.keySet()) : List.of(names);
        StringBuilder report = new StringBuilder(conditions());
        for (String name : wanted) {
            Measurement measurement = all.get(name);
            if (measurement == null) {
                throw new IllegalArgumentException("no measurement is named " + name + "; there are " + all.keySet());
            }
            Path folder = Files.createTempDirectory("claimcheck-bench");
            try {
                System.out.println("Measuring " + name + " …");
                List<String> lines = measurement.run(folder);
                lines.forEach(System.out::println);
                report.append(String.join("\n", lines)).append("\n\n");
            } finally {
                Child.deleteTree(folder);
            }
        }
        if (names.length == 0) {
            Files.writeString(Path.of("docs/benchmarks.md"), report.toString().stripTrailing() + "\n");
        }
    }

    /** Of the measurements that take long: three, or what the environment's {@code BENCH_ROUNDS} says. */
    private static int rounds() {
        return Math.max(1, Integer.parseInt(System.getenv().getOrDefault("BENCH_ROUNDS", "3")));
    }

    private static String conditions() throws IOException {
        String cpu = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceFirst(".*: ", ""))
                .findFirst()
                .orElse("unknown");
        return """
                # Benchmarks

                Made by `bench/run` on %s: %d cores of %s, Linux %s, JDK %s, everything on 127.0.0.1, server and client on the same cores. Peers are measured
                in the same run, in turn; the machine is shared, so read the ratios. Percentiles and medians are over all rounds.

                """.formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        cpu,
                        System.getProperty("os.version").replaceFirst("-.*", ""),
                        Runtime.version());
    }
}
