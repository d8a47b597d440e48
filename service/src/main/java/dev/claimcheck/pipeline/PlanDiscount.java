package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Product;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes off the predicted costs of transcodes what need not be made: fairness, progress and the estimate count only work that will be done. Pure. */
final class PlanDiscount {
    private final List<PlannedStep> steps;
    private final Map<String, TranscodeProducts> transcodes = new HashMap<>();

    PlanDiscount(List<PlannedStep> steps, ProductKeys keys) {
        this.steps = List.copyOf(steps);
        for (PlannedStep step : steps) {
            if (step.kind().equals(PipelinePlanner.OTHER_AUDIO)) {
                continue; // Its task names the source, not which of its tracks are made.
            }
            TaskSpec.find(step.spec())
                    .ifPresent(task -> transcodes.put(step.name(), new TranscodeProducts(task, keys)));
        }
    }

    /** The plan, with one look at what is known from before. */
    static List<PlannedStep> of(List<PlannedStep> steps, ProductKeys keys, StepWorkspace workspace) {
        PlanDiscount discount = new PlanDiscount(steps, keys);
        return discount.without(workspace.known(discount.keys()));
    }

    /** Every product that the plan's transcodes would make. */
    List<Digest> keys() {
        List<Digest> keys = new ArrayList<>();
        transcodes.values().forEach(products -> keys.addAll(products.keys()));
        return keys;
    }

    /** The plan, where these need not be made. */
    List<PlannedStep> without(Map<Digest, Product> known) {
        return known.isEmpty()
                ? steps
                : steps.stream().map(step -> without(step, known)).toList();
    }

    private PlannedStep without(PlannedStep step, Map<Digest, Product> known) {
        TranscodeProducts products = transcodes.get(step.name());
        if (products == null) {
            return step;
        }
        double cost = products.missing(known).map(PlanDiscount::cost).orElse(StepCost.LIGHT);
        return new PlannedStep(
                step.name(),
                step.kind(),
                step.queue(),
                step.required(),
                step.needs(),
                Math.min(cost, step.cost()),
                step.spec(),
                step.work());
    }

    private static double cost(TranscodeTask task) {
        return StepCost.ofTranscode(
                task, task.chunk().map(Chunk::seconds).orElse(task.source().durationSeconds()));
    }
}
