package dev.claimcheck.media;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A child with everything that it has started: the sandbox, and in it the program. Thread-safe.
 *
 * @param root the process that we have started
 * @param command what it was called with
 * @param scratch the folder of this call
 */
record ProcessTree(Process root, List<String> command, Path scratch) {
    /** A killed process may have to finish what it does in the kernel. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Whether all its processes together have used more of the processors than that: at the kernel's own limit ffmpeg ends as if it had been told to stop, which says nothing.
     *
     * @param age since it was started. As long as there have not been processors enough for that much nothing is added up, for that takes a look at every process of the machine
     */
    boolean hasUsed(Duration cpuTime, Duration age) {
        boolean possible =
                age.multipliedBy(Runtime.getRuntime().availableProcessors()).compareTo(cpuTime) > 0;
        return possible && cpuTime().compareTo(cpuTime) > 0;
    }

    private Duration cpuTime() {
        return all().flatMap(one -> one.info().totalCpuDuration().stream()).reduce(Duration.ZERO, Duration::plus);
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(root.toHandle()), root.descendants());
    }

    /** Ends it, and returns when all of it has ended: nothing writes to the scratch folder any more. Also where the root has ended already. */
    void kill() {
        List<ProcessHandle> all = all().toList();
        root.destroyForcibly();
        all.stream().skip(1).forEach(ProcessHandle::destroyForcibly);
        requireDeath(all);
        // What the root started since that look has nobody who knows of it any more.
        StrayProcesses.endOf(command, scratch);
    }

    static void requireDeath(List<ProcessHandle> killed) {
        if (!awaitDeath(killed).isEmpty()) {
            throw new MediaTroubleException("a killed process does not end", null);
        }
    }

    /** Waits until they have ended, and gives those that take too long. A grandchild's own future would be looked at ever more seldom, up to seconds apart. */
    static List<ProcessHandle> awaitDeath(List<ProcessHandle> killed) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<ProcessHandle> left = killed;
        while (true) {
            left = left.stream()
                    .filter(one -> one.isAlive() && !hasOnlyToBeReaped(one))
                    .toList();
            if (left.isEmpty() || System.nanoTime() > deadline) {
                return left;
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    /** A zombie does nothing any more; who has inherited it may look after it seconds later, or never. */
    private static boolean hasOnlyToBeReaped(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "stat");
        // A plain stream, since an interrupt would end a channel.
        try (InputStream stat = new FileInputStream(file.toFile())) {
            return isWhollyDead(new String(stat.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return true; // It was there a moment ago, and is not any more.
        }
    }

    /**
     * A process shows as a zombie from the end of its first thread on, while others may still finish what they do in the kernel.
     *
     * @param stat its line in {@code /proc/PID/stat} (proc_pid_stat(5)); behind the name, which may hold anything, state is the first field and the number of threads the 18th
     */
    static boolean isWhollyDead(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return fields[0].equals("Z") && Integer.parseInt(fields[17]) <= 1;
    }
}
