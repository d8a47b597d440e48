package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long commands take from their call to their end, with the launcher and as a plain {@code java}, against a service that runs on the same cores and has nothing to do. */
final class CommandMeasurements {
    private static final int ROUNDS = 11;
    private static final Path PROGRAM = Path.of("cli/target/claimcheck");
    private static final Pattern JOB = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private CommandMeasurements() {}

    /** Seconds and processor seconds of one way to call a command. */
    private record Times(Figures wall, Figures processor) {
        Times() {
            this(new Figures(), new Figures());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s | %.2f", wall.range("%.2f"), processor.median());
        }
    }

    static List<String> commands(Path folder, Clips clips) throws IOException, InterruptedException {
        List<String> report = new ArrayList<>(List.of(
                "## Commands",
                "",
                "Seconds from the call of a command to its end, min / median / max of " + ROUNDS
                        + " rounds in turn, and processor seconds (median): by the launcher, and as `java -cp 'lib/*'` without its options and without its archive of classes. The service is on the same cores and idle; "
                        + "`watch` is of a job that has ended, `upload` of a file of a few hundred kilobytes that is there already.",
                "",
                "| command | `./claimcheck`, s | CPU-s | `java`, s | CPU-s | `java` ÷ `./claimcheck` |",
                "| --- | --- | --- | --- | --- | --- |"));
        Path clip = clips.fresh(new Clips.Kind(2, 320, 180), folder);
        Path data = folder.resolve("claimcheck");
        try (Child _ = Peers.claimcheck(data, Map.of(), "api,worker").child()) {
            awaitArchive(data);
            String uploaded = Child.run(
                    Path.of("."), "./claimcheck", "upload", clip.toString(), "--wait", "--data", data.toString());
            Matcher job = JOB.matcher(uploaded);
            if (!job.find()) {
                throw new IOException("no job in: " + uploaded);
            }
            for (String command :
                    List.of("--version", "jobs", "keys list", "top --once", "watch " + job.group(), "upload " + clip)) {
                report.add(row(command, data));
            }
        }
        return report;
    }

    /** It is made beside the first command. */
    private static void awaitArchive(Path data) throws IOException, InterruptedException {
        run("./claimcheck --version", data);
        for (int look = 0; !Files.exists(PROGRAM.resolve("command.jsa")); look++) {
            if (look == 300) {
                throw new IOException("there is no archive of classes after half a minute");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static String row(String command, Path data) throws IOException, InterruptedException {
        Times launcher = new Times();
        Times plain = new Times();
        for (int round = 0; round < ROUNDS; round++) {
            measure("./claimcheck " + command, data, launcher);
            measure(
                    "\"$JAVA_HOME/bin/java\" -cp '" + PROGRAM + "/lib/*' dev.claimcheck.cli.Main " + command,
                    data,
                    plain);
        }
        String name = command.replaceFirst("^watch .*", "watch JOB").replaceFirst("^upload .*", "upload FILE");
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %.1f |",
                name,
                launcher,
                plain,
                plain.wall().median() / launcher.wall().median());
    }

    private static void measure(String command, Path data, Times times) throws IOException, InterruptedException {
        long began = System.nanoTime();
        times.processor().add(run(command, data));
        times.wall().add((System.nanoTime() - began) / 1e9);
    }

    /** Runs it and gives its processor seconds, those of the launcher too. */
    private static double run(String command, Path data) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("bash", "-c", "TIMEFORMAT='%3U %3S'; time " + command + " >/dev/null 2>/dev/null");
        builder.environment().putAll(Map.of("CLAIMCHECK_BUILD", "never", "CLAIMCHECK_DATA", data.toString()));
        Process process = builder.start();
        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + said);
        }
        String[] times = said.split(" ", 2);
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }
}
