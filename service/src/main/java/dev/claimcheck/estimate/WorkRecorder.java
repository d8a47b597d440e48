package dev.claimcheck.estimate;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.PeriodicWork;
import dev.claimcheck.estimate.SpeedHistory.Sample;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's notes on how long its steps take, handed over every few seconds, so that no step waits for them and no row is written for each. What a process that is
 * killed had not handed over yet is lost; estimates are then learnt from the next steps. Thread-safe.
 */
public final class WorkRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkRecorder.class);
    private static final Duration HAND_OVER_EVERY = Duration.ofSeconds(3);
    private static final int FULL_JUDGEMENT_EVERY = 200;
    /** While the database is away, more are forgotten rather than heaped up. */
    private static final int MOST_NOTES = 10_000;

    private final JobQueries jobs;
    private final Outlooks outlooks;
    private final InstantSource clock;
    private final SpeedHistory history;
    private final ForecastLedger ledger;
    private final PeriodicWork work;
    private Notes notes = new Notes();
    private int rounds;

    private static final class Notes {
        private final List<Long> steps = new ArrayList<>();
        private final Set<JobId> jobs = new HashSet<>();
        private final List<Sample> plans = new ArrayList<>();
    }

    /** Starts to hand over. */
    public WorkRecorder(Database database, JobQueries jobs, Outlooks outlooks, InstantSource clock) {
        this.jobs = jobs;
        this.outlooks = outlooks;
        this.clock = clock;
        this.history = new SpeedHistory(database);
        this.ledger = new ForecastLedger(database);
        this.work = new PeriodicWork("work-recorder", HAND_OVER_EVERY, () -> {
            handOver();
            return HAND_OVER_EVERY;
        });
    }

    /** A step has ended and that is recorded, whatever came of it. */
    public synchronized void ended(LeasedStep step) {
        if (notes.steps.size() < MOST_NOTES) {
            notes.steps.add(step.lease().stepId());
            notes.jobs.add(step.jobId());
        }
    }

    /** A job's plan is known and recorded: what is predicted now is what will be held against its end. Trouble is logged, never thrown. */
    public void planned(JobId id) {
        try {
            jobs.find(id).ifPresent(this::predict);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("job_id", id)
                    .addKeyValue("cause", e.toString())
                    .log("a job's completion could not be predicted; it does not count in the error of the estimates");
        }
    }

    /** Hands over what is left and stops. */
    @Override
    public void close() {
        work.close();
        handOver();
    }

    private void predict(JobView job) {
        Instant now = clock.instant();
        Optional<Forecast> forecast = outlooks.of(job, now).completion();
        if (forecast.isEmpty() || !ledger.keep(job.id(), now, forecast.get())) {
            return; // A later step went on planning.
        }
        double cost = job.steps().stream()
                        .filter(step -> step.queue() == QueueName.VIDEO_PROCESSING)
                        .mapToDouble(StepView::cost)
                        .sum()
                + job.steps().stream().mapToDouble(StepView::plansCost).sum();
        if (cost > 0) {
            synchronized (this) {
                notes.plans.add(Sample.of(WorkClass.PLAN_BY_SIZE, Speeds.costBySize(job.size()), cost));
                notes.plans.add(Sample.of(WorkClass.PLAN, 1, cost));
            }
        }
    }

    private void handOver() {
        Notes taken;
        synchronized (this) {
            taken = notes;
            notes = new Notes();
        }
        PeriodicWork.attempt(
                LOG, "some steps' times are not learnt from; estimates stay as they are", () -> learn(taken));
    }

    private void learn(Notes taken) {
        List<Sample> samples = new ArrayList<>(taken.plans);
        if (!taken.steps.isEmpty()) {
            samples.addAll(history.samplesOf(taken.steps));
        }
        history.add(samples);
        if (rounds++ % FULL_JUDGEMENT_EVERY == 0) {
            ledger.judgeAll();
        } else if (!taken.jobs.isEmpty()) {
            ledger.judge(taken.jobs);
        }
    }
}
