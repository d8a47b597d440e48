package dev.claimcheck.pipeline;

import dev.claimcheck.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs what waits for storage side by side: one after the other, the waiting would cost more than the work. */
final class SideBySide {
    private static final int AT_ONCE = 16;

    private SideBySide() {}

    /**
     * The results, in the order of the tasks.
     *
     * @param trouble what it means when one fails by a checked exception
     */
    static <T> List<T> run(List<Callable<T>> tasks, String trouble) throws InterruptedException {
        try (ExecutorService executor =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<T> results = new ArrayList<>();
            for (Future<T> done : executor.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new StorageException(trouble, e.getCause());
        }
    }
}
