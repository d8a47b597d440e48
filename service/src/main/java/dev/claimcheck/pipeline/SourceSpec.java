package dev.claimcheck.pipeline;

import dev.claimcheck.media.SourceInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the probe found, as later steps read it from their specification. */
final class SourceSpec {
    private static final JsonMapper JSON = JsonMapper.shared();

    private SourceSpec() {}

    static JsonNode write(SourceInfo source) {
        return JSON.createObjectNode().set("source", JSON.valueToTree(source));
    }

    static SourceInfo read(StepWorkspace workspace) {
        return JSON.treeToValue(workspace.step().spec().path("source"), SourceInfo.class);
    }
}
