package dev.claimcheck.pipeline;

import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import java.util.List;
import java.util.Optional;
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
        return find(workspace.step().spec()).orElseThrow();
    }

    /** The task of a specification; empty where that is not a transcode's. */
    static Optional<TranscodeTask> find(JsonNode spec) {
        return spec.has(TASK) ? Optional.of(JSON.treeToValue(spec.path(TASK), TranscodeTask.class)) : Optional.empty();
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
