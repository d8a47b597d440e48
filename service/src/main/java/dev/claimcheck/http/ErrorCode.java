package dev.claimcheck.http;

import java.util.Locale;

/** Every error a client can get: its stable code, HTTP status, title, and whether the same request may succeed later. */
public enum ErrorCode {
    INVALID_REQUEST(400, "The request is not valid", false),
    INVALID_FILENAME(400, "The file name cannot be kept", false),
    UNKNOWN_PROFILE(400, "There is no such profile", false),
    NOT_A_PICTURE(400, "The picture cannot be used", false),
    INVALID_OPTION(400, "What is asked for cannot be", false),
    EMPTY_FILE(400, "The file is empty", false),
    INVALID_MULTIPART(400, "The form is not valid", false),
    INCOMPLETE_BODY(400, "The body ended too early", true),
    INVALID_JSON(400, "The body is not valid JSON", false),
    INVALID_METADATA(400, "The upload's metadata are not valid", false),
    INVALID_CHECKSUM(400, "The checksum is not valid", false),
    LENGTH_MISMATCH(400, "The length contradicts what was said before", false),
    WRONG_CHUNK_SIZE(400, "The chunk has the wrong size", false),
    UPLOAD_NOT_POSSIBLE(400, "The upload cannot be done this way", false),
    INVALID_IDEMPOTENCY_KEY(400, "The idempotency key is not valid", false),
    UNAUTHORIZED(401, "A valid API key is needed", false),
    FORBIDDEN(403, "Not allowed", false),
    CHALLENGE_FAILED(403, "The proof is wrong", false),
    UPLOAD_COMPLETE(403, "The upload is complete", false),
    SIGNATURE_MISMATCH(403, "The request is not the one that was signed", false),
    UPLOAD_JOINED(403, "The upload is joined from others", false),
    LINK_EXPIRED(403, "The link is not valid any more", false),
    NOT_FOUND(404, "Not found", false),
    UPLOAD_NOT_FOUND(404, "There is no such upload", false),
    NOT_KNOWN(404, "The file is not known", false),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
    UPLOAD_TIMEOUT(408, "The upload stood still for too long", true),
    CONFLICT(409, "The job's status does not allow it", false),
    OFFSET_MISMATCH(409, "The offset is not where the upload stands", false),
    CHUNK_CONFLICT(409, "The chunk has come before with other bytes", false),
    OBJECT_MISSING(409, "The file has not arrived", true),
    SUPERSEDED(409, "A later request took the place of this one", false),
    IDEMPOTENCY_KEY_IN_FLIGHT(409, "The same request is still being answered", true),
    CURSOR_EXPIRED(410, "The event log does not go back so far", false),
    UNSUPPORTED_VERSION(412, "This version of the protocol is not spoken here", false),
    UNSUPPORTED_MEDIA_TYPE(415, "This content type is not taken here", false),
    CHECKSUM_MISMATCH(422, "The checksum does not fit the bytes", true),
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request", false),
    /** The status that tus 1.0.0 gives to a wrong checksum. */
    TUS_CHECKSUM_MISMATCH(460, "The checksum does not fit the bytes", true),
    FILE_TOO_LARGE(413, "The file is too large", false),
    BODY_TOO_LARGE(413, "The body is too large", false),
    HEADERS_TOO_LARGE(431, "The headers are too large", false),
    INTERNAL_ERROR(500, "The service failed", true),
    UNAVAILABLE(503, "The service is not available right now", true),
    STORAGE_FULL(507, "The storage is full", true);

    private final int status;
    private final String title;
    private final boolean retryMayHelp;

    ErrorCode(int status, String title, boolean retryMayHelp) {
        this.status = status;
        this.title = title;
        this.retryMayHelp = retryMayHelp;
    }

    /** The code as clients read it, snake_case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** One short sentence, the same for every occurrence. */
    public String title() {
        return title;
    }

    /** Whether the same request may succeed later; then the answer carries Retry-After. */
    public boolean retryMayHelp() {
        return retryMayHelp;
    }
}
