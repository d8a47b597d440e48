package dev.claimcheck.operations;

import static dev.claimcheck.queue.JobsOnDatabase.WORKER;
import static dev.claimcheck.queue.JobsOnDatabase.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.LeaseReport;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.Timelines;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.queue.JobsOnDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see of queues, workers and owners, now and in the last day. */
class OverviewsTest {
    private static final Duration LIFE = Duration.ofSeconds(15);
    private static final StepError TROUBLE = new StepError("undecodable", "It is damaged.", "a line");

    private final JobsOnDatabase jobs = JobsOnDatabase.open(Duration.ofMinutes(5));
    private final WorkerRegistry registry = new WorkerRegistry(jobs.database(), LIFE);
    private final Operations operations = Operations.of(jobs.database(), jobs.control());

    @BeforeEach
    void aWorkerIsThere() {
        registry.enter(WORKER, "host-1", Map.of(QueueName.METADATA, 4, QueueName.VIDEO_PROCESSING, 2));
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void queuesAreCountedAndTheirWaitIsMeasured() {
        jobs.submit("alice");
        jobs.submit("alice");
        jobs.database().withHandle(handle -> handle.execute("UPDATE ready SET since = now() - interval '90 seconds'"));
        LeasedStep running = jobs.claim();
        new Leases(jobs.database(), LIFE)
                .renew(WORKER, List.of(new LeaseReport(running.lease(), running.jobId(), 0.25, "Reading")));

        Overview overview = operations.overviews().take();

        QueueFigures metadata = overview.queues().getFirst();
        assertThat(metadata.queue()).isEqualTo(QueueName.METADATA);
        assertThat(metadata.waiting()).isEqualTo(1);
        assertThat(metadata.running()).isEqualTo(1);
        assertThat(metadata.capacity()).isEqualTo(4);
        assertThat(metadata.oldestWaitSeconds()).isBetween(90.0, 120.0);
        assertThat(metadata.startedPerMinute()).isEqualTo(1);
        assertThat(metadata.lagSeconds())
                .as("what the one that was started had waited")
                .isBetween(90.0, 120.0);
        assertThat(overview.queues().get(1).capacity())
                .as("nobody takes thumbnails")
                .isZero();
        WorkerFigures worker = overview.workers().getFirst();
        assertThat(worker.life()).isEqualTo(WorkerFigures.Life.ALIVE);
        assertThat(worker.doing()).hasSize(1);
        assertThat(worker.doing().getFirst().filename()).isEqualTo("clip.mp4");
        assertThat(worker.doing().getFirst().progress()).isEqualTo(0.25);

        jobs.complete(running);
        Overview later = operations.overviews().take();
        assertThat(later.queues().getFirst().finishedPerMinute()).isEqualTo(1);
        assertThat(later.doneLastHour()).isEqualTo(1);
        jobs.outcomes(0).failForGood(jobs.claim(), TROUBLE);
        assertThat(operations.overviews().take().failedLastHour()).isEqualTo(1);
    }

    @Test
    void aWorkerIsSeenToGoAndToFallSilent() {
        jobs.submit("alice");
        jobs.claim();
        registry.enter("worker-2", "host-2", Map.of(QueueName.METADATA, 1));
        registry.leave("worker-1");
        jobs.database()
                .withHandle(handle -> handle.execute(
                        "UPDATE worker SET alive_until = now() - interval '2 seconds' WHERE worker = 'worker-2'"));

        assertThat(operations.overviews().take().workers())
                .extracting(WorkerFigures::worker, WorkerFigures::life)
                .as("the one that leaves still has something to do")
                .containsExactly(
                        tuple("worker-1", WorkerFigures.Life.LEAVING), tuple("worker-2", WorkerFigures.Life.SILENT));

        registry.enter("worker-1", "host-1", Map.of(QueueName.METADATA, 1));
        jobs.database()
                .withHandle(handle -> handle.execute(
                        "UPDATE worker SET alive_until = now() - interval '2 minutes' WHERE worker = 'worker-2'"));
        assertThat(operations.overviews().take().workers())
                .extracting(WorkerFigures::worker, WorkerFigures::life)
                .containsExactly(tuple("worker-1", WorkerFigures.Life.ALIVE));
    }

    @Test
    void ownersAreListedWithWhatTheyHave() {
        JobId job = jobs.submit("alice");
        LeasedStep step = jobs.claim();
        jobs.complete(step, output(step, "a"), output(step, "b"));
        jobs.submit("bob");
        jobs.submit("bob");
        jobs.claim();

        List<Owners.Owner> owners = operations.owners().all();

        assertThat(owners).extracting(owner -> owner.owner().value()).containsExactly("alice", "bob");
        assertThat(owners.getFirst().openJobs()).isZero();
        assertThat(owners.getFirst().stored()).isEqualTo(new StorageUse.Use(1, 3, 1_020));
        assertThat(owners.getFirst().lastActivity()).isPresent();
        assertThat(owners.getLast().openJobs()).isEqualTo(2);
        assertThat(owners.getLast().runningSteps()).isEqualTo(1);
        assertThat(operations.use().total().jobs()).isEqualTo(3);
        assertThat(new Timelines(jobs.database()).find(job)).isPresent();
    }

    @Test
    void historyIsSampledOnceForAllAndForgottenAfterADay() {
        jobs.submit("alice");
        LeasedStep running = jobs.claim();
        jobs.submit("alice");
        jobs.complete(running);
        // What happened now belongs to ten seconds that have not ended: it happened a little earlier.
        jobs.database()
                .withHandle(
                        handle -> handle.execute(
                                "UPDATE step_attempt SET started_at = started_at - interval '11 seconds', finished_at = finished_at - interval '11 seconds'"));
        jobs.database()
                .withHandle(handle -> handle.execute(
                        "INSERT INTO queue_sample SELECT now() - interval '25 hours', 'metadata', 1, 1, 1, 1, 1, 1"));

        assertThat(jobs.database().inTransaction(QueueSampler::sample)).isTrue();
        boolean again = jobs.database().inTransaction(QueueSampler::sample);

        List<Integer> samples = jobs.database()
                .withHandle(handle -> handle.createQuery("SELECT count(*)::int FROM queue_sample GROUP BY at")
                        .mapTo(Integer.class)
                        .list());
        assertThat(samples)
                .as("one for each ten seconds, though the second call may be in the next ten; none of yesterday")
                .hasSize(again ? 2 : 1)
                .containsOnly(3);
        QueueHistory.History history = operations.history().read(60);
        assertThat(history.resolution()).isEqualTo(Duration.ofSeconds(10));
        assertThat(history.points().getFirst().queues()).containsOnlyKeys("metadata", "thumbnails", "video_processing");
        assertThat(history.points().getFirst().queues())
                .extractingByKey("metadata")
                .extracting(QueueHistory.Figures::waiting)
                .isEqualTo(1);
        assertThat(history.points().getFirst().at().getEpochSecond() % 10).isZero();
    }

    @Test
    void aDayOfHistoryFitsAChart() {
        assertThat(QueueHistory.resolution(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(QueueHistory.resolution(60)).isEqualTo(Duration.ofSeconds(10));
        assertThat(QueueHistory.resolution(61)).isEqualTo(Duration.ofSeconds(20));
        assertThat(QueueHistory.resolution(24 * 60)).isEqualTo(Duration.ofMinutes(4));
        jobs.database().withHandle(handle -> handle.execute("""
                INSERT INTO queue_sample
                SELECT date_bin('240 seconds', now(), 'epoch') - make_interval(secs => 10 * n), 'metadata', n, 1, 2.5, 1, 2, 3
                FROM generate_series(0, 23) AS n
                """));

        List<QueueHistory.Point> points = operations.history().read(24 * 60).points();

        assertThat(points).hasSize(1);
        assertThat(points.getFirst().queues())
                .extractingByKey("metadata")
                .isEqualTo(new QueueHistory.Figures(23, 1, 2.5, 24, 48, 72));
    }
}
