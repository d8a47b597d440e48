package dev.claimcheck.http;

import dev.claimcheck.upload.UploadRefused;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A refusal as draft-ietf-httpbis-resumable-upload has it: with a registered problem type, or with headers that tell a client how to go on. */
final class ResumableProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    private final ErrorCode code;
    private final transient Map<String, String> headers;
    private final transient ObjectNode members;

    private ResumableProblem(ErrorCode code, UploadRefused cause, Map<String, String> headers, ObjectNode members) {
        super(cause.getMessage(), cause);
        this.code = code;
        this.headers = headers;
        this.members = members;
    }

    /** {@code Upload-Complete: ?0} tells that the upload itself answers, so that going on from the right offset helps. */
    static ResumableProblem mismatchingOffset(UploadRefused cause, long provided) {
        long expected = cause.offset().orElse(0);
        return new ResumableProblem(
                ErrorCode.OFFSET_MISMATCH,
                cause,
                Map.of("Upload-Offset", Long.toString(expected), "Upload-Complete", "?0"),
                type("mismatching-upload-offset")
                        .put("expected-offset", expected)
                        .put("provided-offset", provided));
    }

    static ResumableProblem inconsistentLength(UploadRefused cause) {
        return new ResumableProblem(
                ErrorCode.LENGTH_MISMATCH,
                cause,
                cause.offset().isPresent()
                        ? Map.of("Upload-Offset", Long.toString(cause.offset().getAsLong()))
                        : Map.of(),
                type("inconsistent-upload-length"));
    }

    static ResumableProblem overLimit(UploadRefused cause, String limit) {
        return new ResumableProblem(
                Problems.codeOf(cause.reason()),
                cause,
                Map.of("Upload-Limit", limit),
                JsonMapper.shared().createObjectNode());
    }

    Answer.InMemory answer() {
        Answer.InMemory plain = Problems.problem(code, String.valueOf(getMessage()), headers);
        ObjectNode body = (ObjectNode) JsonMapper.shared()
                .readTree(
                        StandardCharsets.UTF_8.decode(plain.body().duplicate()).toString());
        body.setAll(members);
        return new Answer.InMemory(plain.status(), plain.headers(), Answer.utf8(body.toString()));
    }

    private static ObjectNode type(String name) {
        return JsonMapper.shared().createObjectNode().put("type", TYPES + name);
    }
}
