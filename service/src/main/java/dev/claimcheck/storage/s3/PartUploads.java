package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.SpoolFile;
import dev.claimcheck.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Stores the parts of one upload in the background, several at once, while more bytes come. Not thread-safe. */
final class PartUploads implements AutoCloseable {
    private static final int AT_ONCE = 4;

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final List<FutureTask<CompletedPart>> begun = new ArrayList<>();

    /** Starts storing a part; waits while enough others are under way. */
    void submit(Callable<CompletedPart> store) {
        takeTurn();
        FutureTask<CompletedPart> task = new FutureTask<>(() -> {
            try {
                return store.call();
            } finally {
                free.release();
            }
        });
        begun.add(task);
        Thread.ofVirtual().name("store-part").start(task);
    }

    /** Starts storing a spooled part, which is gone afterwards. */
    void submit(SpoolFile part, java.util.function.Function<SpoolFile, CompletedPart> store) {
        boolean submitted = false;
        try {
            submit(() -> {
                try (part) {
                    return store.apply(part);
                }
            });
            submitted = true;
        } finally {
            if (!submitted) {
                part.close();
            }
        }
    }

    /** Waits for all of them; gives the parts in the order of their submission. The first failure among them comes out. */
    List<CompletedPart> await() {
        List<CompletedPart> parts = new ArrayList<>();
        for (FutureTask<CompletedPart> task : begun) {
            parts.add(result(task));
        }
        return parts;
    }

    /** Waits until none is under way, so that nothing is written behind the back of whoever comes next. */
    @Override
    public void close() {
        free.acquireUninterruptibly(AT_ONCE);
        free.release(AT_ONCE);
    }

    private void takeTurn() {
        try {
            free.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while waiting for parts to be stored", e);
        }
    }

    private static CompletedPart result(FutureTask<CompletedPart> task) {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException trouble) {
                throw trouble;
            }
            throw new StorageException("a part cannot be stored", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while parts were stored", e);
        }
    }
}
