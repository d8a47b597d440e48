package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;
import java.util.List;
import java.util.Optional;

/** Reads the times of all frames of a long source and plans its chunks; meanwhile its beginning is being made. */
public final class IndexStep implements StepHandler {
    private final VideoPlanner planner;

    public IndexStep(VideoPlanner planner) {
        this.planner = planner;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Looking for the places to cut");
        VideoPlanner.Plan plan = planner.planRest(SourceSpec.read(workspace), workspace);
        return new StepOutcome.Succeeded(plan.result(), List.of(), plan.steps(), Optional.empty());
    }
}
