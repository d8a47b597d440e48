package dev.claimcheck.client;

/** The service refused a request, or could not be reached. */
public class ClaimcheckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ClaimcheckException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    ClaimcheckException(String code, String message, Throwable cause) {
        super(message, cause);
        this.status = 0;
        this.code = code;
    }

    /** The HTTP status; 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** The stable code of the problem, such as {@code storage_full}; {@code unreachable} when there was no answer. */
    public String code() {
        return code;
    }

    /** Whether the service did not answer at all. */
    public boolean isUnreachable() {
        return status == 0;
    }
}
