package dev.claimcheck.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/** Views of jobs for tests of the pure core. */
final class JobBuilder {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<StepView> steps = new ArrayList<>();

    static JobBuilder aRunningJob() {
        return new JobBuilder();
    }

    JobBuilder with(String kind, StepState state, double cost, double fraction) {
        return with(kind, state, cost, fraction, true);
    }

    JobBuilder with(String kind, StepState state, double cost, double fraction, boolean required) {
        boolean started = state == StepState.RUNNING || state == StepState.SUCCEEDED;
        steps.add(new StepView(
                steps.size() + 1,
                kind,
                kind,
                "",
                List.of(),
                OptionalDouble.empty(),
                QueueName.METADATA,
                state,
                required,
                1,
                0,
                cost,
                0,
                fraction,
                Optional.empty(),
                started ? Optional.of(START) : Optional.empty(),
                state == StepState.SUCCEEDED ? Optional.of(START.plusSeconds(10)) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0));
        return this;
    }

    JobView build() {
        return new JobView(
                JobId.create(START),
                new OwnerId("alice"),
                JobStatus.IN_PROGRESS,
                "clip.mp4",
                Optional.empty(),
                new Processing("web", JobOptions.NONE),
                Priority.NORMAL,
                1,
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
}
