package dev.claimcheck.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much video processing waits for each step of a plan, so that whoever looks at the line sees more than its tip. Each step counts with the first of those that it
 * needs, so nothing counts twice. Pure.
 */
final class OpenedWork {
    private OpenedWork() {}

    /** Predicted compute-seconds by step; steps that nothing of the kind waits for are absent. */
    static Map<String, Double> of(List<PlannedStep> plan) {
        Map<String, String> firstNeeds = new HashMap<>();
        plan.forEach(step -> step.needs().stream().findFirst().ifPresent(need -> firstNeeds.put(step.name(), need)));
        Map<String, Double> opens = new HashMap<>();
        for (PlannedStep step : plan) {
            double toBePlanned = step.spec().path("plans_cost").asDouble(0);
            if (toBePlanned > 0) {
                opens.merge(step.name(), toBePlanned, Double::sum);
            }
            double own = (step.queue() == QueueName.VIDEO_PROCESSING ? step.cost() : 0) + toBePlanned;
            String need = firstNeeds.get(step.name());
            // A plan has no circles: the database would never open its steps.
            for (int depth = 0; own > 0 && need != null && depth < plan.size(); depth++) {
                opens.merge(need, own, Double::sum);
                need = firstNeeds.get(need);
            }
        }
        return opens;
    }
}
