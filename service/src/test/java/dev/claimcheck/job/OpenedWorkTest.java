package dev.claimcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class OpenedWorkTest {
    @Test
    void whatWaitsCountsWithTheFirstThatItNeeds() {
        List<PlannedStep> plan = List.of(
                step("transcode/000", QueueName.VIDEO_PROCESSING, 1, 0, "metadata"),
                step("transcode/001", QueueName.VIDEO_PROCESSING, 2, 0, "transcode/000"),
                step("index", QueueName.METADATA, 0.2, 50, "transcode/000"),
                step("transcode/002", QueueName.VIDEO_PROCESSING, 4, 0, "transcode/001", "transcode/000"),
                step("package", QueueName.METADATA, 0.5, 0, "transcode/000", "transcode/001", "transcode/002"));

        assertThat(OpenedWork.of(plan))
                .isEqualTo(Map.of("metadata", 57.0, "transcode/000", 56.0, "transcode/001", 4.0, "index", 50.0));
    }

    private static PlannedStep step(String name, QueueName queue, double cost, double plans, String... needs) {
        var spec = JsonMapper.shared().createObjectNode();
        if (plans > 0) {
            spec.put("plans_cost", plans);
        }
        return new PlannedStep(name, "work", queue, true, List.of(needs), cost, spec);
    }
}
