package dev.claimcheck.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.NewJob;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.RetryPolicy;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.StepView;
import dev.claimcheck.queue.postgres.PostgresStepQueue;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.filesystem.FileSystemObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Products that go from job to job, and the objects that they consist of: on a real database and a real store. */
class SharedProductsTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final PostgresAddress address = TestDatabase.fresh();
    private final Database database = Database.open(address, 16);
    private final Notifications notifications = new Notifications(address);
    private final PostgresStepQueue queue = new PostgresStepQueue(database, notifications, Duration.ofMinutes(5));
    private final StepOutcomes outcomes = new StepOutcomes(
            database, new RetryPolicy(3, Duration.ofMillis(5)), new SourceRetention(Optional.empty()), new Random(1));
    private final JobControl control = new JobControl(database);
    private final JobQueries jobs = new JobQueries(database);
    private final Digest content = digest();
    private final Digest key = digest();

    @TempDir
    Path folder;

    private ObjectStore store;
    private GarbageSweeper sweeper;

    @BeforeEach
    void open() {
        await().until(notifications::isConnected);
        store = FileSystemObjectStore.open(folder.resolve("objects"), 0, false);
        sweeper = new GarbageSweeper(database, store, Duration.ofHours(1), InstantSource.system());
    }

    @AfterEach
    void close() {
        sweeper.close();
        notifications.close();
        database.close();
    }

    @Test
    void isFoundByTheOwnersOtherJobsOfTheSameContentAlone() {
        LeasedStep giver = leased("alice", Optional.of(content));
        make(giver, "hls/1.m4s", "hls/2.m4s");

        Product found = known(leased("alice", Optional.of(content))).orElseThrow();
        assertThat(found.from()).contains(giver.jobId());
        assertThat(found.kind()).isEqualTo("rendition");
        assertThat(found.result().path("made").asString("")).isEqualTo("here");
        assertThat(found.outputs()).extracting(Output::path).containsExactly("hls/1.m4s", "hls/2.m4s");
        assertThat(known(leased("bob", Optional.of(content))))
                .as("another owner")
                .isEmpty();
        assertThat(known(leased("alice", Optional.of(digest()))))
                .as("another content")
                .isEmpty();
        assertThat(known(leased("alice", Optional.empty())))
                .as("an unknown content")
                .isEmpty();
        assertThat(jobs.products(giver.jobId(), List.of(digest())))
                .as("another key")
                .isEmpty();
    }

    /** Sources may be hashed while they are transcoded. */
    @Test
    void isFoundOnceItsContentIsKnown() {
        LeasedStep giver = leased("alice", Optional.empty());
        LeasedStep other = leased("alice", Optional.of(content));
        make(giver, "hls/1.m4s");
        assertThat(known(other)).isEmpty();

        setContent(giver.jobId(), content);

        assertThat(known(other)).isPresent();
    }

    @Test
    void isTakenOverWithoutACopyAndOutlivesItsFirstJob() {
        LeasedStep first = leased("alice", Optional.of(content));
        make(first, "hls/1.m4s", "hls/2.m4s");
        LeasedStep second = leased("alice", Optional.of(content));
        Product taken = known(second).orElseThrow();
        assertThat(outcomes.complete(second, handingIn(taken))).isTrue();
        assertThat(jobs.output(second.jobId(), "hls/1.m4s").orElseThrow().objectKey())
                .isEqualTo(first.outputPrefix() + "hls/1.m4s");
        assertThat(view(second)).extracting(StepView::made, StepView::reused).containsExactly(0, 1);
        assertThat(view(first)).extracting(StepView::made, StepView::reused).containsExactly(1, 0);
        assertThat(outcomes.products().all().values()).containsExactly(1L, 1L);
        publish(first, "extra.jpg");

        control.delete(ALICE, first.jobId());
        awaitSwept();

        assertThat(objects())
                .containsExactlyInAnyOrder(first.outputPrefix() + "hls/1.m4s", first.outputPrefix() + "hls/2.m4s");
        LeasedStep third = leased("alice", Optional.of(content));
        Product again = known(third).orElseThrow();
        assertThat(again.from()).contains(second.jobId());
        assertThat(outcomes.complete(third, handingIn(again))).isTrue();

        control.delete(ALICE, second.jobId());
        awaitSwept();
        assertThat(objects()).hasSize(2);

        control.delete(ALICE, third.jobId());
        awaitSwept();
        assertThat(objects()).isEmpty();
    }

    @Test
    void theLastOfTwoThatAreDeletedAtOnceTakesTheObjectsAway() throws Exception {
        for (int round = 0; round < 15; round++) {
            LeasedStep first = leased("alice", Optional.of(content));
            make(first, "hls/1.m4s");
            LeasedStep second = leased("alice", Optional.of(content));
            LeasedStep third = leased("alice", Optional.of(content));
            assertThat(outcomes.complete(second, handingIn(known(second).orElseThrow())))
                    .isTrue();
            assertThat(outcomes.complete(third, handingIn(known(third).orElseThrow())))
                    .isTrue();
            control.delete(ALICE, first.jobId());
            atOnce(
                    () -> control.delete(ALICE, second.jobId()),
                    () -> control.delete(ALICE, third.jobId()),
                    sweeper::sweep);
            awaitSwept();
            assertThat(objects()).isEmpty();
        }
    }

    @Test
    void aCancelledJobGivesUpWhatItTookOverAndOffersNothing() {
        LeasedStep first = leased("alice", Optional.of(content));
        make(first, "hls/1.m4s");
        LeasedStep second = leased("alice", Optional.of(content), 2);
        assertThat(outcomes.complete(second, handingIn(known(second).orElseThrow())))
                .isTrue();

        control.cancel(ALICE, second.jobId());
        control.delete(ALICE, first.jobId());
        awaitSwept();

        assertThat(objects()).isEmpty();
        assertThat(known(leased("alice", Optional.of(content)))).isEmpty();
    }

    @Test
    void whatIsGoneMeanwhileIsMadeByTheNextAttempt() {
        LeasedStep first = leased("alice", Optional.of(content));
        make(first, "hls/1.m4s");
        LeasedStep second = leased("alice", Optional.of(content));
        Product taken = known(second).orElseThrow();

        control.delete(ALICE, first.jobId());

        assertThat(outcomes.complete(second, handingIn(taken))).isFalse();
        assertThat(jobs.output(second.jobId(), "hls/1.m4s")).isEmpty();
        assertThat(view(second)).extracting(StepView::state, StepView::retries).containsExactly(StepState.READY, 0);
        LeasedStep again = queue.claim(QueueName.METADATA, "worker", 1).getFirst();
        assertThat(again.lease().stepId()).isEqualTo(second.lease().stepId());
        assertThat(known(again)).isEmpty();
    }

    /** Every chunk of a size brings its initialization section along; the job has one of them, and so has who takes a chunk over. */
    @Test
    void chunksHaveTheirInitializationSectionInCommon() {
        Digest later = digest();
        LeasedStep first = leased("alice", Optional.of(content), 2);
        make(first, "hls/init.mp4", "hls/1.m4s");
        LeasedStep second = leased("alice", Optional.of(content), 2);
        Product early = known(second).orElseThrow();
        LeasedStep chunk = claimOf(first.jobId());
        assertThat(outcomes.complete(chunk, handingIn(made(chunk, later, "hls/init.mp4", "hls/2.m4s"))))
                .isTrue();

        // What was found before the first job had another one is handed in with that one.
        assertThat(outcomes.complete(second, handingIn(early))).isTrue();
        String current = chunk.outputPrefix() + "hls/init.mp4";
        assertThat(jobs.output(second.jobId(), "hls/init.mp4").orElseThrow().objectKey())
                .isEqualTo(current);
        LeasedStep last = claimOf(second.jobId());
        Product taken = found(last, later).orElseThrow();
        assertThat(taken.outputs()).extracting(Output::path).containsExactly("hls/2.m4s", "hls/init.mp4");
        assertThat(outcomes.complete(last, handingIn(taken))).isTrue();
        control.delete(ALICE, first.jobId());
        awaitSwept();

        assertThat(objects())
                .containsExactlyInAnyOrder(
                        current, first.outputPrefix() + "hls/1.m4s", chunk.outputPrefix() + "hls/2.m4s");
        LeasedStep third = leased("alice", Optional.of(content));
        assertThat(jobs.products(third.jobId(), List.of(key, later))).hasSize(2);
    }

    /** What the storage has damaged is damaged for everybody who points to it. */
    @Test
    void whatHasToBeMadeAgainIsNotTakenOverAgain() {
        LeasedStep first = leased("alice", Optional.of(content), 2);
        Digest intact = digest();
        Product good = made(first, intact, "hls/good.m4s");
        assertThat(outcomes.complete(
                        first,
                        new StepOutcome.Succeeded(json(), List.of(), List.of(made(first, key, "hls/bad.m4s"), good))))
                .isTrue();
        LeasedStep second = leased("alice", Optional.of(content), 2);
        Map<Digest, Product> found = jobs.products(second.jobId(), List.of(key, intact));
        assertThat(outcomes.complete(second, new StepOutcome.Succeeded(json(), List.of(), List.copyOf(found.values()))))
                .isTrue();
        LeasedStep finder = claimOf(second.jobId());

        assertThat(outcomes.makeAgain(
                        finder,
                        new StepOutcome.MadeBadly(
                                List.of("hls/bad.m4s"), new StepError("output_damaged", "It is damaged.", null))))
                .isTrue();

        LeasedStep again = claimOf(second.jobId());
        assertThat(again.name()).isEqualTo(second.name());
        Map<Digest, Product> still = jobs.products(again.jobId(), List.of(key, intact));
        assertThat(still.keySet()).containsExactly(intact);
        Product anew = made(again, key, "hls/bad.m4s");
        assertThat(outcomes.complete(
                        again,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(),
                                List.of(anew, still.values().iterator().next()))))
                .isTrue();
        assertThat(jobs.output(again.jobId(), "hls/good.m4s").orElseThrow().objectKey())
                .isEqualTo(first.outputPrefix() + "hls/good.m4s");
        assertThat(known(leased("alice", Optional.of(content))).orElseThrow().from())
                .contains(again.jobId());
    }

    /** Another step may have made the same outputs anew, another way. */
    @Test
    void whatHasLostAnOutputIsNotTakenOver() {
        LeasedStep first = leased("alice", Optional.of(content), 2);
        make(first, "hls/1.m4s", "hls/2.m4s");
        LeasedStep second = leased("alice", Optional.of(content), 2);
        assertThat(outcomes.complete(second, handingIn(known(second).orElseThrow())))
                .isTrue();
        LeasedStep rest = claimOf(second.jobId());
        LeasedStep restOfFirst = claimOf(first.jobId());
        Output anew = publish(rest, "hls/2.m4s");
        assertThat(outcomes.complete(rest, new StepOutcome.Succeeded(json(), List.of(anew), List.of())))
                .isTrue();
        assertThat(outcomes.complete(
                        restOfFirst,
                        new StepOutcome.Succeeded(json(), List.of(publish(restOfFirst, "hls/1.m4s")), List.of())))
                .isTrue();

        assertThat(known(leased("alice", Optional.of(content)))).isEmpty();
        control.delete(ALICE, first.jobId());
        awaitSwept();

        assertThat(objects())
                .as("the second job lets go of what it has made anew itself")
                .containsExactlyInAnyOrder(anew.objectKey(), first.outputPrefix() + "hls/1.m4s");
    }

    /** The sweeper died, or another one works beside it. */
    @Test
    void sweepingTwiceIsSweepingOnce() {
        LeasedStep first = leased("alice", Optional.of(content));
        make(first, "hls/1.m4s");
        LeasedStep second = leased("alice", Optional.of(content));
        assertThat(outcomes.complete(second, handingIn(known(second).orElseThrow())))
                .isTrue();
        publish(first, "unwanted");
        control.delete(ALICE, first.jobId());
        List<String> prefixes = database.withHandle(handle -> handle.createQuery("SELECT prefix FROM garbage")
                .mapTo(String.class)
                .list());
        awaitSwept();
        prefixes.forEach(prefix ->
                database.useTransaction(handle -> handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:prefix)")
                        .bind("prefix", prefix)
                        .execute()));
        awaitSwept();

        assertThat(objects()).containsExactly(first.outputPrefix() + "hls/1.m4s");
    }

    /** An outcome that was recorded, though the answer got lost, is not swept with what refused attempts have written. */
    @Test
    void whatIsDisownedByMistakeStays() {
        LeasedStep first = leased("alice", Optional.of(content));
        make(first, "hls/1.m4s");
        publish(first, "extra.jpg");

        outcomes.disown(first);
        awaitSwept();

        assertThat(objects()).containsExactly(first.outputPrefix() + "hls/1.m4s");
    }

    /** Taking over, deleting, cancelling and sweeping at the same time: whatever a job offers is there, and nothing else is in the end. */
    @RepeatedTest(3)
    void nothingThatIsOfferedIsEverSwept() throws Exception {
        for (int round = 0; round < 25; round++) {
            LeasedStep first = leased("alice", Optional.of(content));
            make(first, "hls/1.m4s", "hls/2.m4s");
            LeasedStep second = leased("alice", Optional.of(content));
            LeasedStep third = leased("alice", Optional.of(content), 2);
            Product forSecond = known(second).orElseThrow();
            atOnce(
                    () -> outcomes.complete(second, handingIn(forSecond)),
                    () -> known(third).ifPresent(found -> outcomes.complete(third, handingIn(found))),
                    () -> control.delete(ALICE, first.jobId()),
                    () -> control.cancel(ALICE, third.jobId()),
                    sweeper::sweep,
                    sweeper::sweep);
            awaitSwept();
            List<String> offered = database.withHandle(
                    handle -> handle.createQuery("SELECT DISTINCT object_key FROM output ORDER BY 1")
                            .mapTo(String.class)
                            .list());
            assertThat(objects()).containsExactlyInAnyOrderElementsOf(offered);
            control.delete(ALICE, second.jobId());
            control.delete(ALICE, third.jobId());
            awaitSwept();
            assertThat(objects()).isEmpty();
            drain();
        }
    }

    /** Jobs that take over from each other do not wait for each other in a circle. */
    @Test
    void twoJobsMayTakeOverFromEachOtherAtOnce() throws Exception {
        for (int round = 0; round < 25; round++) {
            Digest one = digest();
            Digest two = digest();
            LeasedStep first = leased("alice", Optional.of(content), 2);
            LeasedStep second = leased("alice", Optional.of(content), 2);
            assertThat(outcomes.complete(first, handingIn(made(first, one, "a.m4s"))))
                    .isTrue();
            assertThat(outcomes.complete(second, handingIn(made(second, two, "b.m4s"))))
                    .isTrue();
            LeasedStep firstAgain = claimOf(first.jobId());
            LeasedStep secondAgain = claimOf(second.jobId());
            Product ofSecond = found(first, two).orElseThrow();
            Product ofFirst = found(second, one).orElseThrow();
            List<Boolean> recorded = new ArrayList<>();
            atOnce(
                    () -> synchronizedAdd(recorded, outcomes.complete(firstAgain, handingIn(ofSecond))),
                    () -> synchronizedAdd(recorded, outcomes.complete(secondAgain, handingIn(ofFirst))));
            assertThat(recorded).containsExactly(true, true);
        }
    }

    private static void synchronizedAdd(List<Boolean> list, boolean value) {
        synchronized (list) {
            list.add(value);
        }
    }

    private static void atOnce(Runnable... works) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Runnable work : works) {
                all.add(threads.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private Optional<Product> known(LeasedStep step) {
        return found(step, key);
    }

    private Optional<Product> found(LeasedStep step, Digest digest) {
        return Optional.ofNullable(jobs.products(step.jobId(), List.of(digest)).get(digest));
    }

    private void make(LeasedStep step, String... paths) {
        assertThat(outcomes.complete(step, handingIn(made(step, key, paths)))).isTrue();
    }

    private Product made(LeasedStep step, Digest digest, String... paths) {
        List<Output> outputs =
                List.of(paths).stream().map(path -> publish(step, path)).toList();
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

    private static StepOutcome.Succeeded handingIn(Product product) {
        return new StepOutcome.Succeeded(json(), List.of(), List.of(product));
    }

    private Output publish(LeasedStep step, String path) {
        try {
            Path file = Files.writeString(Files.createTempFile(folder, "output", ""), path);
            String object = step.outputPrefix() + path;
            store.put(object, file);
            return new Output(path, object, "video/iso.segment", path.length());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> objects() {
        return store.list("jobs/").stream().map(ObjectStore.ObjectInfo::key).toList();
    }

    /** What is due later, against late writers, is not waited for. */
    private void awaitSwept() {
        await().pollInterval(Duration.ofMillis(20)).until(() -> {
            sweeper.sweep();
            return database.withHandle(
                    handle -> handle.createQuery("SELECT NOT EXISTS (SELECT FROM garbage WHERE due <= now())")
                            .mapTo(Boolean.class)
                            .one());
        });
    }

    private StepView view(LeasedStep step) {
        return jobs.find(step.jobId()).orElseThrow().steps().stream()
                .filter(one -> one.name().equals(step.name()))
                .findFirst()
                .orElseThrow();
    }

    private LeasedStep leased(String owner, Optional<Digest> contentOf) {
        return leased(owner, contentOf, 1);
    }

    /** The first of so many steps of a new job. */
    private LeasedStep leased(String owner, Optional<Digest> contentOf, int steps) {
        JobId id = JobId.create(Instant.now());
        new JobIntake(database)
                .submit(new NewJob(
                        id,
                        new OwnerId(owner),
                        "clip.mp4",
                        null,
                        new Processing("web", JobOptions.NONE),
                        Priority.NORMAL,
                        1,
                        contentOf.orElseGet(SharedProductsTest::digest),
                        digest(),
                        "sources/" + id,
                        step("plan")));
        if (contentOf.isEmpty()) {
            database.useTransaction(
                    handle -> handle.createUpdate("UPDATE job SET content_sha256 = NULL WHERE job_id = :job")
                            .bind("job", id.value())
                            .execute());
        }
        List<PlannedStep> plan = new ArrayList<>();
        for (int number = 0; number < steps; number++) {
            plan.add(step("work/" + number));
        }
        assertThat(outcomes.complete(claimOf(id), new StepOutcome.Succeeded(json(), List.of(), plan, Optional.empty())))
                .isTrue();
        return claimOf(id);
    }

    private LeasedStep claimOf(JobId job) {
        LeasedStep claimed = queue.claim(QueueName.METADATA, "worker", 1).getFirst();
        if (claimed.jobId().equals(job)) {
            return claimed;
        }
        LeasedStep wanted = claimOf(job);
        new dev.claimcheck.job.Leases(database, Duration.ofMinutes(5)).release(claimed.lease());
        return wanted;
    }

    /** Takes steps that were given back out of the way. */
    private void drain() {
        while (!queue.claim(QueueName.METADATA, "worker", 100).isEmpty()) {
            // Nothing is done with them.
        }
    }

    private void setContent(JobId job, Digest digest) {
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE job SET content_sha256 = :sha WHERE job_id = :job")
                        .bind("sha", digest.bytes())
                        .bind("job", job.value())
                        .execute());
    }

    private static PlannedStep step(String name) {
        List<String> needs = name.equals("plan") ? List.of() : List.of("plan");
        return new PlannedStep(name, "work", QueueName.METADATA, true, needs, 1, json());
    }

    private static Digest digest() {
        return new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
    }

    private static ObjectNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
