package dev.claimcheck.http;

import java.util.Locale;

/** Every error a client can get: its stable code, HTTP status, title, and whether the same request may succeed later. */
public enum ErrorCode {
    INVALID_REQUEST(400, "The request is not valid", false),
    INVALID_FILENAME(400, "The file name cannot be kept", false),
    EMPTY_FILE(400, "The file is empty", false),
    INVALID_MULTIPART(400, "The form is not valid", false),
    INCOMPLETE_BODY(400, "The body ended too early", true),
    INVALID_JSON(400, "The body is not valid JSON", false),
    UNAUTHORIZED(401, "A valid API key is needed", false),
    FORBIDDEN(403, "Not allowed", false),
    LINK_EXPIRED(403, "The link is not valid any more", false),
    NOT_FOUND(404, "Not found", false),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here", false),
    UPLOAD_TIMEOUT(408, "The upload stood still for too long", true),
    CONFLICT(409, "The job's status does not allow it", false),
    FILE_TOO_LARGE(413, "The file is too large", false),
    BODY_TOO_LARGE(413, "The body is too large", false),
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
