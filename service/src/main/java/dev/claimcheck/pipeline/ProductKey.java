package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * By which a product is known again.
 *
 * @param digest of everything that decides its bytes, but for the source
 */
record ProductKey(String kind, Digest digest) {
    /** The product that has just been made of these. */
    Product made(JsonNode result, List<Output> outputs) {
        return Product.made(kind, digest, result, outputs, Optional.empty());
    }

    /** The same of a chunk, which brings along what all chunks of its size have in common at that path. */
    Product made(JsonNode result, List<Output> outputs, String common) {
        return Product.made(kind, digest, result, outputs, Optional.of(common));
    }

    /** The outcome of a step that makes this alone, where it need not be made. */
    Optional<StepOutcome> reused(StepWorkspace workspace) {
        return Optional.ofNullable(workspace.known(List.of(digest)).get(digest))
                .map(known -> new StepOutcome.Succeeded(known.result(), List.of(), List.of(known)));
    }

    /** The outcome of a step that has made this alone. */
    StepOutcome succeeded(JsonNode result, List<Output> outputs) {
        return new StepOutcome.Succeeded(result, List.of(), List.of(made(result, outputs)));
    }
}
