package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A share of a processor that a process and its children may use at most: a control group of its own (version 1 or 2). */
final class CpuQuota {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_MICROSECONDS = 20_000;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path group;

    private CpuQuota(Path group) {
        this.group = group;
    }

    /** Puts the process, and what it starts from now on, into a new group. */
    static CpuQuota of(long pid, double processors) throws IOException {
        int quota = (int) Math.round(PERIOD_MICROSECONDS * processors);
        Path first = ROOT.resolve("cpu");
        CpuQuota made = new CpuQuota(
                Files.createDirectory((Files.isDirectory(first) ? first : ROOT).resolve("claimcheck-bench-" + pid)));
        try {
            if (Files.isDirectory(first)) {
                Files.writeString(made.group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROSECONDS));
                Files.writeString(made.group.resolve("cpu.cfs_quota_us"), Integer.toString(quota));
            } else {
                Files.writeString(made.group.resolve("cpu.max"), quota + " " + PERIOD_MICROSECONDS);
            }
            Files.writeString(made.group.resolve("cgroup.procs"), Long.toString(pid));
            return made;
        } catch (IOException e) {
            Files.delete(made.group);
            throw e;
        }
    }

    /** Removes the group once the last of its processes, which must be ending, has gone. */
    void remove() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(group.resolve("cgroup.procs")).isBlank() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        Files.delete(group);
    }
}
