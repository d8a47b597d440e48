package dev.claimcheck.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The service refused a request, could not be reached, or the file at hand cannot be sent. The message is for people. */
public class ClaimcheckException extends RuntimeException {
    /** There was no answer. */
    public static final String UNREACHABLE = "unreachable";
    /** The object storage that an upload was signed for cannot be reached from here. */
    public static final String STORAGE_UNREACHABLE = "storage_unreachable";
    /** There is no such file, or it cannot be read. */
    public static final String NO_SUCH_FILE = "no_such_file";
    /** The file was changed while it was being sent. */
    public static final String FILE_CHANGED = "file_changed";
    /** Another process is sending the same file to the same service. */
    public static final String UPLOAD_IN_PROGRESS = "upload_in_progress";
    /** The client was closed before or during the call. */
    public static final String CLOSED = "closed";
    /** A job had not ended in the time allowed. */
    public static final String TIMEOUT = "timeout";

    private static final long serialVersionUID = 2L;

    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    /** Problems of the moment among statuses that are final else. */
    private static final Set<String> PASSING_CODES = Set.of(
            UNREACHABLE,
            STORAGE_UNREACHABLE,
            "incomplete_body",
            "checksum_mismatch",
            "tus_checksum_mismatch",
            "superseded",
            "idempotency_key_in_flight");

    private final int status;
    private final String code;
    private final @Nullable Duration retryAfter;

    ClaimcheckException(int status, String code, String message) {
        this(status, code, message, null);
    }

    ClaimcheckException(int status, String code, String message, @Nullable Duration retryAfter) {
        super(message);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    ClaimcheckException(String code, String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
        this.code = code;
        this.retryAfter = null;
    }

    /** The HTTP status; 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** The stable code of the problem: the service's, such as {@code storage_full}, or one of this class's constants. */
    public String code() {
        return code;
    }

    /** How long the service asked to wait before the next try. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Whether the service did not answer at all. */
    public boolean isUnreachable() {
        return code.equals(UNREACHABLE);
    }

    /** Whether the same call may succeed a little later: a broken line, a service that is busy or starting. Everything else is final. */
    public boolean isPassing() {
        return PASSING.contains(status) || PASSING_CODES.contains(code);
    }
}
