package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code Idempotency-Key} (draft-ietf-httpapi-idempotency-key-header): a request that comes again with its key gets the answer that it got, and is not done again.
 * Only success is remembered; what failed may be tried again under the same key. A body that comes again is read, compared and dropped; nothing of it is kept.
 */
final class Idempotency {
    private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);
    private static final String HEADER = "Idempotency-Key";
    /** What besides the body makes a request another one. */
    private static final List<String> MEANINGFUL =
            List.of("Upload-Length", "Upload-Defer-Length", "Upload-Metadata", "Upload-Concat", "Upload-Complete");

    private final IdempotencyKeys keys;
    private final long mostBytes;

    /** @param mostBytes of the largest body */
    Idempotency(IdempotencyKeys keys, long mostBytes) {
        this.keys = keys;
        this.mostBytes = mostBytes;
    }

    /** The endpoint, honouring the header. */
    Router.Endpoint honoured(Router.Endpoint endpoint) {
        return exchange -> {
            Optional<String> key = exchange.header(HEADER);
            return key.isEmpty() ? endpoint.answer(exchange) : answer(exchange, key.get(), endpoint);
        };
    }

    private Answer answer(Exchange exchange, String key, Router.Endpoint endpoint) throws Exception {
        if (!key.matches("[\\x21-\\x7e]{1,255}")) {
            throw new ApiException(
                    ErrorCode.INVALID_IDEMPOTENCY_KEY,
                    "An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.");
        }
        IdempotencyKeys.Name name =
                new IdempotencyKeys.Name(exchange.principal().owner(), key);
        Digest request = describe(exchange);
        return switch (keys.claim(name, request)) {
            case IdempotencyKeys.Claim.Taken taken -> done(exchange, taken, endpoint);
            case IdempotencyKeys.Claim.InFlight other when !other.request().equals(request) -> throw reused();
            case IdempotencyKeys.Claim.InFlight _ ->
                throw new ApiException(
                        ErrorCode.IDEMPOTENCY_KEY_IN_FLIGHT,
                        "A request with this Idempotency-Key is still being answered. Ask again in a moment.");
            case IdempotencyKeys.Claim.Answered before -> again(exchange, request, before);
        };
    }

    private Answer done(Exchange exchange, IdempotencyKeys.Claim.Taken claim, Router.Endpoint endpoint)
            throws Exception {
        MessageDigest body = sha256();
        exchange.digestBody(body);
        boolean succeeded = false;
        try {
            Answer answer = endpoint.answer(exchange);
            if (answer instanceof Answer.InMemory memory && memory.status() < 300) {
                keys.answered(claim, Digest.of(body.digest()), memory);
                succeeded = true;
            }
            return answer;
        } finally {
            if (!succeeded) {
                release(claim);
            }
        }
    }

    /** Without this the key stays taken until its lease runs out; that must not hide the answer. */
    private void release(IdempotencyKeys.Claim.Taken claim) {
        try {
            keys.release(claim);
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("an idempotency key is let go only when its lease ends");
        }
    }

    private Answer again(Exchange exchange, Digest request, IdempotencyKeys.Claim.Answered before)
            throws InterruptedException {
        if (!before.request().equals(request)) {
            throw reused();
        }
        MessageDigest body = sha256();
        exchange.digestBody(body);
        if (exchange.isForm()) {
            MultipartForm form = new MultipartForm(
                    exchange.header("Content-Type").orElse(""),
                    "file",
                    (_, _) -> bytes -> bytes.position(bytes.limit()),
                    mostBytes,
                    body);
            exchange.body(mostBytes, ErrorCode.BODY_TOO_LARGE).readChunks(form::parse);
        } else if (exchange.request().getLength() != 0) {
            exchange.body(mostBytes, ErrorCode.BODY_TOO_LARGE).read(bytes -> bytes.position(bytes.limit()));
        }
        if (!before.body().equals(Digest.of(body.digest()))) {
            throw reused();
        }
        return before.answer();
    }

    private static Digest describe(Exchange exchange) {
        StringBuilder text = new StringBuilder(exchange.request().getMethod())
                .append(' ')
                .append(Request.getPathInContext(exchange.request()))
                .append('?')
                .append(exchange.request().getHttpURI().getQuery())
                .append('\n')
                .append(
                        exchange.isForm()
                                ? "form"
                                : exchange.header("Content-Type").orElse(""));
        for (String header : MEANINGFUL) {
            text.append('\n').append(exchange.header(header).orElse(""));
        }
        MessageDigest digest = sha256();
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        return Digest.of(digest.digest());
    }

    private static ApiException reused() {
        return new ApiException(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "This Idempotency-Key was used for another request. Make a new key for each new request.");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
