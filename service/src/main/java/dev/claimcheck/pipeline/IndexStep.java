package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.Profiles;
import java.util.List;
import java.util.Optional;

/** Reads the times of all frames of a long source and plans its chunks; meanwhile its beginning is being made. */
public final class IndexStep implements StepHandler {
    private final VideoPlanner planner;
    private final Profiles profiles;
    private final ProductKeys keys;

    IndexStep(VideoPlanner planner, Profiles profiles, ProductKeys keys) {
        this.planner = planner;
        this.profiles = profiles;
        this.keys = keys;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Looking for the places to cut");
        Optional<Wish> wish = profiles.find(workspace.step().profile())
                .flatMap(profile -> Wish.of(
                        SourceSpec.read(workspace), profile, workspace.step().options()));
        if (wish.isEmpty()) {
            return MetadataStep.unknownProfile(workspace);
        }
        VideoPlanner.Plan plan = planner.planRest(wish.get(), workspace);
        return new StepOutcome.Succeeded(
                plan.result(), List.of(), PlanDiscount.of(plan.steps(), keys, workspace), Optional.empty());
    }
}
