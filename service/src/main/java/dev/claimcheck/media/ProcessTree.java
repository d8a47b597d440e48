package dev.claimcheck.media;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A child with everything that it has started: the sandbox, and in it the program. Thread-safe. */
record ProcessTree(Process root) {
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

    /** Ends it, and returns when all of it has ended: nothing writes to the scratch folder any more. */
    void kill() {
        List<ProcessHandle> all = all().toList();
        root.destroyForcibly();
        all.stream().skip(1).forEach(ProcessHandle::destroyForcibly);
        all.forEach(ProcessTree::awaitDeath);
    }

    /** A grandchild's own future would be looked at ever more seldom, up to seconds apart. */
    private static void awaitDeath(ProcessHandle process) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (process.isAlive()) {
            if (System.nanoTime() > deadline) {
                throw new MediaTroubleException("a killed process does not end", null);
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }
}
