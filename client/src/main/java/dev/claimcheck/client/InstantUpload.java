package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the service by a file's SHA-256 whether it has it from an earlier upload of the same owner, and proves that it is at hand by the hash of random ranges. */
record InstantUpload(Upload upload) {
    /** The receipt where nothing needs to be sent; empty where the file has to travel. */
    Optional<UploadReceipt> ask() throws InterruptedException {
        ObjectNode question = upload.description().put("size", upload.file().size());
        try {
            JsonNode challenge =
                    upload.ask(upload.calls().post("/videos/instant-upload", question, HttpCalls.newIdempotencyKey()));
            List<SourceFile.Range> ranges = challenge
                    .path("ranges")
                    .valueStream()
                    .map(range -> new SourceFile.Range(
                            range.path("offset").asLong(), range.path("length").asLong()))
                    .toList();
            ObjectNode proof = JsonMapper.shared()
                    .createObjectNode()
                    .put("sha256", upload.file().sha256(ranges, _ -> {}));
            String path = "/videos/instant-upload/"
                    + HttpCalls.encode(challenge.path("challenge_id").asString());
            JsonNode answer = upload.calls().ask(upload.calls().post(path, proof, HttpCalls.newIdempotencyKey()));
            return Optional.of(UploadReceipt.of(answer, true));
        } catch (ClaimcheckException e) {
            // Not known, no longer asked, or trouble that lasts: the usual way is always open.
            if (e.status() == 404 || e.code().equals("challenge_failed") || e.isPassing()) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
