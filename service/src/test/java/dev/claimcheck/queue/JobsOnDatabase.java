package dev.claimcheck.queue;

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
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.NewJob;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.RetryPolicy;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.Submission;
import dev.claimcheck.queue.postgres.PostgresStepQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs in a real database, taken through their steps by hand: submitted, claimed by one worker, and ended as a test wants. All their steps wait in the queue {@code metadata}. Thread-safe, as what it
 * consists of.
 */
public final class JobsOnDatabase implements AutoCloseable {
    /** Who claims. */
    public static final String WORKER = "worker-1";

    /** Of each job's source, in bytes. */
    public static final long SIZE = 1_000;

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Database database;
    private final StepQueue queue;
    private final Runnable transport;

    /**
     * On any transport of steps.
     *
     * @param database closed with this
     * @param transport closes what the queue needs beside the database
     */
    public JobsOnDatabase(Database database, StepQueue queue, Runnable transport) {
        this.database = database;
        this.queue = queue;
        this.transport = transport;
    }

    /** In a fresh database, with Postgres as the queue; what is claimed is leased for that long. */
    public static JobsOnDatabase open(Duration lease) {
        PostgresAddress address = TestDatabase.fresh();
        Database database = Database.open(address, 16);
        Notifications notifications = new Notifications(address);
        StepQueue queue = new PostgresStepQueue(database, notifications, lease);
        await().until(notifications::isConnected);
        return new JobsOnDatabase(database, queue, notifications::close);
    }

    @Override
    public void close() {
        transport.run();
        database.close();
    }

    public Database database() {
        return database;
    }

    public StepQueue queue() {
        return queue;
    }

    public JobControl control() {
        return new JobControl(database);
    }

    public JobQueries queries() {
        return new JobQueries(database);
    }

    public JobView view(JobId job) {
        return queries().find(job).orElseThrow();
    }

    // ---- submitted

    public JobId submit(String owner) {
        return submit(aJob(owner, Priority.NORMAL, digest()));
    }

    public JobId submit(NewJob job) {
        assertThat(new JobIntake(database).submit(job)).isEqualTo(new Submission.Created(job.id()));
        return job.id();
    }

    public static NewJob aJob(String owner, Priority priority, Digest content) {
        return aJob(owner, priority, content, 1);
    }

    /** One of that content under a name that no other has; it begins with the step {@code metadata}, of that cost. */
    public static NewJob aJob(String owner, Priority priority, Digest content, double cost) {
        JobId id = JobId.create(Instant.now());
        return new NewJob(
                id,
                new OwnerId(owner),
                "clip.mp4",
                null,
                new Processing("web", JobOptions.NONE),
                priority,
                SIZE,
                content,
                digest(),
                "sources/" + id,
                new PlannedStep("metadata", "metadata", QueueName.METADATA, true, List.of(), cost, json()));
    }

    // ---- claimed

    /** The first in the line. */
    public LeasedStep claim() {
        return queue.claim(QueueName.METADATA, WORKER, 1).getFirst();
    }

    /** The first in the line of that job; what stands before it goes back to its place. */
    public LeasedStep claim(JobId job) {
        LeasedStep claimed = claim();
        if (claimed.jobId().equals(job)) {
            return claimed;
        }
        LeasedStep wanted = claim(job);
        new Leases(database, Duration.ofMinutes(5)).release(claimed.lease());
        return wanted;
    }

    public List<LeasedStep> claimAll() {
        return queue.claim(QueueName.METADATA, WORKER, 1_000);
    }

    // ---- ended

    /** So many retries, soon after each other; sources are kept. */
    public StepOutcomes outcomes(int retries) {
        return outcomes(retries, new SourceRetention(Optional.empty()));
    }

    public StepOutcomes outcomes(int retries, SourceRetention retention) {
        return new StepOutcomes(database, new RetryPolicy(retries, Duration.ofMillis(5)), retention, new Random(1));
    }

    public void complete(LeasedStep step, Output... outputs) {
        assertThat(outcomes(3).complete(step, offering(outputs))).isTrue();
    }

    public void plan(LeasedStep step, PlannedStep... plan) {
        assertThat(outcomes(3).complete(step, planning(plan))).isTrue();
    }

    public static StepOutcome.Succeeded offering(Output... outputs) {
        return new StepOutcome.Succeeded(json(), List.of(outputs), List.of(), Optional.empty());
    }

    public static StepOutcome.Succeeded planning(PlannedStep... plan) {
        return new StepOutcome.Succeeded(json(), List.of(), List.of(plan), Optional.empty());
    }

    /** Ten bytes, where that attempt writes. */
    public static Output output(LeasedStep step, String path) {
        return new Output(path, step.outputPrefix() + path, "text/plain", 10);
    }

    public static PlannedStep step(String name, boolean required, String... needs) {
        return new PlannedStep(name, name, QueueName.METADATA, required, List.of(needs), 1, json());
    }

    /** Another one at each call. */
    public static Digest digest() {
        return new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
    }

    public static ObjectNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
