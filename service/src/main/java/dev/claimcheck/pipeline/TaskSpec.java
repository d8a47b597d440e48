package dev.claimcheck.pipeline;

import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a transcode is to make, as its step reads it from its specification. */
final class TaskSpec {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String TASK = "task";
    private static final String LADDER = "ladder";

    private TaskSpec() {}

    static JsonNode write(TranscodeTask task) {
        return JSON.createObjectNode().set(TASK, JSON.valueToTree(task));
    }

    /** The same of an intro, which is made at the lowest size while all of {@code ladder} will follow. */
    static JsonNode write(TranscodeTask task, List<Rendition> ladder) {
        ObjectNode spec = JSON.createObjectNode();
        spec.set(TASK, JSON.valueToTree(task));
        spec.set(LADDER, JSON.valueToTree(ladder));
        return spec;
    }

    static TranscodeTask read(StepWorkspace workspace) {
        return JSON.treeToValue(workspace.step().spec().path(TASK), TranscodeTask.class);
    }

    /** The whole ladder where this is an intro; else none. */
    static List<Rendition> ladder(StepWorkspace workspace) {
        return workspace
                .step()
                .spec()
                .path(LADDER)
                .valueStream()
                .map(node -> JSON.treeToValue(node, Rendition.class))
                .toList();
    }
}
