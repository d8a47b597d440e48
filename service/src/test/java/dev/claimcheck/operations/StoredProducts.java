package dev.claimcheck.operations;

import static dev.claimcheck.queue.JobsOnDatabase.digest;
import static dev.claimcheck.queue.JobsOnDatabase.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.StepView;
import dev.claimcheck.queue.JobsOnDatabase;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.filesystem.FileSystemObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Products that go from job to job, and the objects that they consist of: on a real database and in a real store. Most jobs here are alice's, have the one {@link #content} and make the product
 * {@link #key}. Thread-safe.
 */
final class StoredProducts implements AutoCloseable {
    final JobsOnDatabase jobs = JobsOnDatabase.open(Duration.ofMinutes(5));
    final StepOutcomes outcomes = jobs.outcomes(3);
    final Digest content = digest();
    final Digest key = digest();
    final GarbageSweeper sweeper;

    private final Path folder;
    private final ObjectStore store;

    StoredProducts(Path folder) {
        this.folder = folder;
        store = FileSystemObjectStore.open(folder.resolve("objects"), 0, false);
        sweeper = new GarbageSweeper(jobs.database(), store, Duration.ofHours(1), InstantSource.system());
    }

    @Override
    public void close() {
        sweeper.close();
        jobs.close();
    }

    // ---- steps

    /** The only step of a new job. */
    LeasedStep leased() {
        return leased(1);
    }

    /** The first of so many steps of a new job. */
    LeasedStep leased(int steps) {
        return leased("alice", Optional.of(content), steps);
    }

    /** The only step of a new job of somebody, of that content or of one that is not known yet. */
    LeasedStep leased(String owner, Optional<Digest> contentOf) {
        return leased(owner, contentOf, 1);
    }

    private LeasedStep leased(String owner, Optional<Digest> contentOf, int steps) {
        JobId id =
                jobs.submit(JobsOnDatabase.aJob(owner, Priority.NORMAL, contentOf.orElseGet(JobsOnDatabase::digest)));
        if (contentOf.isEmpty()) {
            setContent(id, Optional.empty());
        }
        jobs.plan(
                jobs.claim(id),
                IntStream.range(0, steps)
                        .mapToObj(number -> JobsOnDatabase.step("work/" + number, true, "metadata"))
                        .toArray(PlannedStep[]::new));
        return jobs.claim(id);
    }

    void setContent(JobId job, Optional<Digest> digest) {
        jobs.database()
                .useTransaction(
                        handle -> handle.createUpdate("UPDATE job SET content_sha256 = :sha WHERE job_id = :job")
                                .bind("sha", digest.map(Digest::bytes).orElse(null))
                                .bind("job", job.value())
                                .execute());
    }

    /** Takes steps that were given back out of the way. */
    void drain() {
        while (!jobs.claimAll().isEmpty()) {
            // Nothing is done with them.
        }
    }

    StepView view(LeasedStep step) {
        return jobs.view(step.jobId()).steps().stream()
                .filter(one -> one.name().equals(step.name()))
                .findFirst()
                .orElseThrow();
    }

    // ---- products

    /** What its job would find under {@link #key}. */
    Optional<Product> known(LeasedStep step) {
        return found(step, key);
    }

    Optional<Product> found(LeasedStep step, Digest digest) {
        return Optional.ofNullable(found(step, List.of(digest)).get(digest));
    }

    Map<Digest, Product> found(LeasedStep step, List<Digest> digests) {
        return jobs.queries().products(step.jobId(), digests);
    }

    /** Ends the step with the product {@link #key}. */
    void make(LeasedStep step, String... paths) {
        complete(step, made(step, key, paths));
    }

    /** Ends the step with what its job knows of {@link #key}. */
    void takeOver(LeasedStep step) {
        complete(step, known(step).orElseThrow());
    }

    void complete(LeasedStep step, Product... products) {
        assertThat(outcomes.complete(step, handingIn(products))).isTrue();
    }

    static StepOutcome.Succeeded handingIn(Product... products) {
        return new StepOutcome.Succeeded(json(), List.of(), List.of(products));
    }

    /** Of outputs that it stores; an initialization section is common to all that have it. */
    Product made(LeasedStep step, Digest digest, String... paths) {
        List<Output> outputs = Stream.of(paths).map(path -> publish(step, path)).toList();
        return Product.made(
                "rendition",
                digest,
                json().put("made", "here"),
                outputs,
                outputs.stream()
                        .map(Output::path)
                        .filter(path -> path.endsWith("init.mp4"))
                        .findFirst());
    }

    // ---- objects

    Output publish(LeasedStep step, String path) {
        try {
            Path file = Files.writeString(Files.createTempFile(folder, "output", ""), path);
            String object = step.outputPrefix() + path;
            store.put(object, file);
            return new Output(path, object, "video/iso.segment", path.length());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The keys of all that jobs have left in the store. */
    List<String> objects() {
        return store.list("jobs/").stream().map(ObjectStore.ObjectInfo::key).toList();
    }

    /** What is due later, against late writers, is not waited for. */
    void awaitSwept() {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            sweeper.sweep();
            return jobs.database()
                    .withHandle(
                            handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM garbage WHERE due <= now())")
                                    .mapTo(Boolean.class)
                                    .one());
        });
    }
}
