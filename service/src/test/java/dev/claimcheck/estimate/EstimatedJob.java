package dev.claimcheck.estimate;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.StepView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/** Views of jobs, and conditions, for tests of the pure core. */
final class EstimatedJob {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final OwnerId ALICE = new OwnerId("alice");

    private final List<StepView> steps = new ArrayList<>();
    private JobStatus status = JobStatus.IN_PROGRESS;
    private long size = 1_000_000;

    static EstimatedJob aJob() {
        return new EstimatedJob();
    }

    EstimatedJob pending(long bytes) {
        status = JobStatus.PENDING;
        size = bytes;
        return this;
    }

    /** A transcode that waits in its queue. */
    EstimatedJob ready(long id, double cost, double tag) {
        return step(
                id, "transcode", StepState.READY, cost, 0, OptionalDouble.of(tag), Optional.empty(), Optional.empty());
    }

    EstimatedJob waiting(long id, double cost, Long... needs) {
        return step(
                id,
                "transcode",
                StepState.WAITING,
                cost,
                0,
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                needs);
    }

    EstimatedJob running(long id, double cost, double fraction, Instant since) {
        return step(
                id,
                "transcode",
                StepState.RUNNING,
                cost,
                fraction,
                OptionalDouble.of(0),
                Optional.of(since),
                Optional.empty());
    }

    EstimatedJob done(long id, double cost, Instant from, Instant to) {
        return step(
                id,
                "transcode",
                StepState.SUCCEEDED,
                cost,
                1,
                OptionalDouble.empty(),
                Optional.of(from),
                Optional.of(to));
    }

    EstimatedJob step(
            long id,
            String kind,
            StepState state,
            double cost,
            double fraction,
            OptionalDouble tag,
            Optional<Instant> from,
            Optional<Instant> to,
            Long... needs) {
        QueueName queue = kind.equals("transcode") ? QueueName.VIDEO_PROCESSING : QueueName.METADATA;
        steps.add(new StepView(
                id,
                kind + "/" + id,
                kind,
                "",
                List.of(needs),
                tag,
                queue,
                state,
                true,
                1,
                0,
                cost,
                0,
                fraction,
                Optional.empty(),
                from,
                to,
                Optional.empty(),
                Optional.empty(),
                0,
                0));
        return this;
    }

    JobView view() {
        return new JobView(
                JobId.create(START),
                ALICE,
                status,
                "clip.mp4",
                Optional.empty(),
                new Processing("web", JobOptions.NONE),
                Priority.NORMAL,
                size,
                1,
                START,
                START,
                Optional.of(START),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                JsonMapper.shared().createArrayNode(),
                steps,
                List.of(),
                JsonMapper.shared().createArrayNode(),
                Optional.empty());
    }

    /** Nobody else; so many slots in every queue. */
    static Conditions alone(int slots, Speeds speeds) {
        return conditions(slots, speeds, new Backlog.Builder());
    }

    /** With that line in front of the transcodes. */
    static Conditions conditions(int slots, Speeds speeds, Backlog.Builder transcodes) {
        Map<QueueName, Backlog> backlogs = new EnumMap<>(QueueName.class);
        Map<QueueName, Integer> places = new EnumMap<>(QueueName.class);
        for (QueueName queue : QueueName.values()) {
            Backlog.Builder builder = queue == QueueName.VIDEO_PROCESSING ? transcodes : new Backlog.Builder();
            backlogs.put(queue, builder.build(true));
            places.put(queue, slots);
        }
        return new Conditions(backlogs, List.of(), places, speeds);
    }

    /** Known to run as predicted, times {@code ratio}, within a few percent. */
    static Speeds steady(double ratio) {
        Speed speed = new Speed(30, Math.log(ratio), 0.0001);
        return new Speeds(
                Map.of("transcode", speed, "transcode/brief", speed, "metadata/brief", speed, "package/brief", speed));
    }
}
