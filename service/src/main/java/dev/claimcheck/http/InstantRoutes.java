package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.upload.InstantUploads;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Uploads without a transfer: ask by the file's SHA-256, prove by the hash of random ranges. */
final class InstantRoutes {
    private final InstantUploads uploads;
    private final UploadAnswers answers;

    InstantRoutes(InstantUploads uploads, UploadAnswers answers) {
        this.uploads = uploads;
        this.answers = answers;
    }

    Answer ask(Exchange exchange) throws InterruptedException {
        UploadRequest asked = UploadRequest.read(exchange);
        InstantUploads.Challenge challenge = uploads.ask(
                exchange.principal().owner(),
                asked.filename(),
                asked.processing(exchange.principal().owner(), answers),
                asked.size("size")
                        .orElseThrow(() -> new ApiException(
                                ErrorCode.INVALID_REQUEST, "\"size\" is missing. Say it as a whole number of bytes.")),
                sha256(asked));
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("challenge_id", challenge.id().toString());
        ArrayNode ranges = json.putArray("ranges");
        challenge
                .ranges()
                .forEach(range ->
                        ranges.addObject().put("offset", range.offset()).put("length", range.length()));
        json.put("expires_at", challenge.expiresAt().toString());
        return Answer.json(200, json);
    }

    Answer prove(Exchange exchange) throws InterruptedException {
        String id = exchange.path("challenge_id");
        if (!id.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw new ApiException(
                    ErrorCode.UPLOAD_NOT_FOUND, "There is no such challenge any more. Ask for a new one.");
        }
        return answers.handedIn(
                uploads.prove(exchange.principal().owner(), UUID.fromString(id), sha256(UploadRequest.read(exchange))));
    }

    private static Digest sha256(UploadRequest asked) {
        return asked.sha256()
                .orElseThrow(() -> new ApiException(
                        ErrorCode.INVALID_REQUEST, "\"sha256\" is missing. Say it as 64 hexadecimal digits."));
    }
}
