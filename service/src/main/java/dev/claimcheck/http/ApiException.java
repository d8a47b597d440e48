package dev.claimcheck.http;

import java.util.Map;

/** A request that is answered with a problem. The detail is written for the client: what happened, then what to do. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String headerName;
    private final String headerValue;

    public ApiException(ErrorCode code, String detail) {
        this(code, detail, "", "");
    }

    /** With one more response header. */
    public ApiException(ErrorCode code, String detail, String headerName, String headerValue) {
        super(detail);
        this.code = code;
        this.headerName = headerName;
        this.headerValue = headerValue;
    }

    /** What kind of error it is. */
    public ErrorCode code() {
        return code;
    }

    /** The message, which is never null here. */
    String detail() {
        return String.valueOf(getMessage());
    }

    Map<String, String> headers() {
        return headerName.isEmpty() ? Map.of() : Map.of(headerName, headerValue);
    }
}
