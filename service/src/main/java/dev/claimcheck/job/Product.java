package dev.claimcheck.job;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The least that is made, or taken over from an earlier job of the same source, as a whole: one size of a chunk, the sound, the poster.
 *
 * @param kind such as {@code rendition}
 * @param key SHA-256 of all that decides its bytes, but for the source
 * @param result what the step that made it told of it, JSON
 * @param outputs that it consists of
 * @param common the path of one of these that other products of the same job bring along too, with the same bytes: the initialization section that all chunks of a size have. Whichever of them is there will do
 * @param from the job it is taken over from; empty where the attempt has made it
 */
public record Product(
        String kind, Digest key, JsonNode result, List<Output> outputs, Optional<String> common, Optional<JobId> from) {
    public Product {
        outputs = List.copyOf(outputs);
    }

    /** One that has just been made. */
    public static Product made(
            String kind, Digest key, JsonNode result, List<Output> outputs, Optional<String> common) {
        return new Product(kind, key, result, outputs, common, Optional.empty());
    }

    /** The same with that one as its common output. */
    Product withCommon(Output current) {
        List<Output> others = outputs.stream()
                .map(output -> output.path().equals(current.path()) ? current : output)
                .toList();
        return new Product(kind, key, result, others, common, from);
    }

    /** Whether nothing had to be made for it. */
    public boolean isReused() {
        return from.isPresent();
    }
}
