package dev.claimcheck.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.NewJob;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Real jobs in a real database, taken through their steps by hand. */
record QueuedJobs(Database database) {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    JobId submit(String owner, Priority priority, double cost) {
        JobId id = JobId.create(Instant.now());
        Digest digest = new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
        PlannedStep first = new PlannedStep("metadata", "metadata", QueueName.METADATA, true, List.of(), cost, json());
        Submission made = new JobIntake(database)
                .submit(new NewJob(
                        id,
                        new OwnerId(owner),
                        "clip.mp4",
                        null,
                        new Processing("web", JobOptions.NONE),
                        priority,
                        1_000_000,
                        digest,
                        digest,
                        "sources/" + id,
                        first));
        assertThat(made).isEqualTo(new Submission.Created(id));
        return id;
    }

    JobView view(JobId job) {
        return new JobQueries(database).find(job).orElseThrow();
    }

    StepOutcomes outcomes() {
        return new StepOutcomes(
                database,
                new RetryPolicy(3, Duration.ofMillis(1)),
                new SourceRetention(Optional.empty()),
                new Random(1));
    }

    void complete(LeasedStep step, PlannedStep... plan) {
        assertThat(outcomes()
                        .complete(step, new StepOutcome.Succeeded(json(), List.of(), List.of(plan), Optional.empty())))
                .isTrue();
    }

    static PlannedStep transcode(String name, double cost, String work, String... needs) {
        return new PlannedStep(name, "transcode", QueueName.VIDEO_PROCESSING, true, List.of(needs), cost, json(), work);
    }

    static ObjectNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
