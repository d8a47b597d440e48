package dev.claimcheck.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;

/** Headers that every answer carries. */
final class SecurityHeaders {
    private static final HttpField NO_SNIFF = new PreEncodedHttpField("X-Content-Type-Options", "nosniff");
    private static final HttpField NO_REFERRER = new PreEncodedHttpField("Referrer-Policy", "no-referrer");
    private static final HttpField NO_FRAME = new PreEncodedHttpField("X-Frame-Options", "DENY");
    private static final HttpField POLICY = new PreEncodedHttpField(
            "Content-Security-Policy",
            "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
                    + "style-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'");

    private SecurityHeaders() {}

    static void add(Response response) {
        response.getHeaders().add(NO_SNIFF).add(NO_REFERRER).add(NO_FRAME).add(POLICY);
    }
}
