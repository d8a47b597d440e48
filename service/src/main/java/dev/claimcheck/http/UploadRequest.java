package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Processing;
import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.UploadStart;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What a client asks for before it sends a file: members of a JSON object, or query parameters of the same names. */
final class UploadRequest {
    private final Function<String, Optional<String>> members;

    private UploadRequest(Function<String, Optional<String>> members) {
        this.members = members;
    }

    static UploadRequest read(Exchange exchange) throws InterruptedException {
        Optional<JsonNode> body = exchange.jsonBodyIfAny();
        return new UploadRequest(
                name -> body.flatMap(json -> member(json, name)).or(() -> exchange.query(name)));
    }

    private static Optional<String> member(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isString() && !value.isNumber()) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "\"" + name + "\" must be a text or a number.");
        }
        return Optional.of(value.isNumber() ? value.decimalValue().toPlainString() : value.asString());
    }

    Optional<String> text(String name) {
        return members.apply(name).filter(text -> !text.isEmpty());
    }

    /** The text of a member that must be there. */
    String required(String name) {
        return text(name)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.INVALID_REQUEST, "\"" + name + "\" is missing. Send it in the JSON object."));
    }

    /** A number of bytes above 0, where it is given. */
    OptionalLong size(String name) {
        OptionalLong size = Numbers.size(text(name), "\"" + name + "\"");
        if (size.isPresent() && size.getAsLong() == 0) {
            throw new ApiException(ErrorCode.EMPTY_FILE, "\"" + name + "\" is 0: there is nothing to upload.");
        }
        return size;
    }

    FileName filename() {
        return FileName.of(text("filename").orElse(""));
    }

    Processing processing(OwnerId owner, UploadAnswers answers) {
        return answers.processing(owner, this::text);
    }

    Optional<Digest> sha256() {
        return text("sha256").map(hex -> {
            if (!hex.matches("[0-9a-fA-F]{64}")) {
                throw new ApiException(ErrorCode.INVALID_CHECKSUM, "\"sha256\" is a SHA-256 of 64 hexadecimal digits.");
            }
            return new Digest(hex.toLowerCase(Locale.ROOT));
        });
    }

    UploadStart start(OwnerId owner, OptionalLong length, UploadAnswers answers) {
        return new UploadStart(
                owner,
                filename(),
                text("content_type").orElse(null),
                processing(owner, answers),
                UploadAnswers.priority(text("priority")),
                length,
                sha256());
    }
}
