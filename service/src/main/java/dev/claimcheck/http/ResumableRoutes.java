package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.upload.BodyChecksum;
import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.ResumableUploads;
import dev.claimcheck.upload.UploadBody;
import dev.claimcheck.upload.UploadRefused;
import dev.claimcheck.upload.UploadSession;
import dev.claimcheck.upload.UploadSettings;
import dev.claimcheck.upload.UploadStart;
import dev.claimcheck.upload.VerifiedBody;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.http.HttpField;

/**
 * Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload-12, interop version 9; 8, of drafts 09 to 11, reads the same on the wire): any POST here becomes an
 * upload that can go on after a cut. The resources are those of {@link TusRoutes}; a request without Tus-Resumable speaks this.
 *
 * <p>Where the draft leaves a choice: an upload is complete as soon as its announced length has come, whatever the last request said; the last request again,
 * without bytes, is answered again; a malformed number is refused where the draft would ignore it, so that a client hears of its fault.
 */
final class ResumableRoutes {
    /** What this service speaks; answered to whoever does not say what it speaks. */
    private static final String INTEROP = "9";

    private static final Set<String> UNDERSTOOD = Set.of(INTEROP, "8");
    private static final String INTEROP_FIELD = "Upload-Draft-Interop-Version";
    private static final String PARTIAL = "application/partial-upload";

    private final ResumableUploads uploads;
    private final UploadSettings settings;
    private final UploadAnswers answers;
    private final TusRoutes tus;
    private final InstantSource clock;

    ResumableRoutes(
            ResumableUploads uploads,
            UploadSettings settings,
            UploadAnswers answers,
            TusRoutes tus,
            InstantSource clock) {
        this.uploads = uploads;
        this.settings = settings;
        this.answers = answers;
        this.tus = tus;
        this.clock = clock;
    }

    Answer options(Exchange exchange) {
        Map<String, String> headers = tus.offers();
        headers.put("Accept-Patch", PARTIAL + ", application/offset+octet-stream");
        headers.put("Upload-Limit", limit());
        headers.put(INTEROP_FIELD, interop(exchange));
        return new Answer.InMemory(204, headers, ByteBuffer.allocate(0));
    }

    Answer create(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.create(exchange);
        }
        boolean last = requireComplete(exchange);
        OptionalLong length = length(exchange, 0, last);
        UploadStart start = new UploadStart(
                exchange.principal().owner(),
                FileName.of(exchange.query("filename")
                        .or(() -> dispositionName(exchange))
                        .orElse(TusRoutes.UNNAMED)),
                exchange.header("Content-Type").map(TusRoutes::contentType).orElse(null),
                answers.processing(exchange.principal().owner(), exchange::query),
                UploadAnswers.priority(exchange.query("priority")),
                length,
                DigestFields.read(exchange, "Repr-Digest")
                        .filter(digest -> digest.algorithm().equals("SHA-256"))
                        .map(digest -> new Digest(digest.hex())));
        Optional<BodyChecksum> digest = DigestFields.read(exchange, "Content-Digest");
        ResumableUploads.Append append = append(exchange, 0, length, last);
        try {
            RequestBody body = exchange.body(settings.maxSize(), ErrorCode.FILE_TOO_LARGE);
            UploadSession session = uploads.create(start, null);
            announce(exchange, session);
            return appended(exchange, session.id(), append, checked(body, digest), 201);
        } catch (UploadRefused e) {
            throw translated(e, append);
        } catch (ApiException e) {
            throw e.code() == ErrorCode.FILE_TOO_LARGE
                    ? new ApiException(e.code(), e.detail(), "Upload-Limit", limit())
                    : e;
        }
    }

    Answer head(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.head(exchange);
        }
        ResumableUploads.Progress progress =
                uploads.state(exchange.principal().owner(), TusRoutes.id(exchange), exchange.arrived());
        UploadSession session = progress.session();
        Map<String, String> headers = state(exchange, progress);
        if (session.length().isPresent()) {
            headers.put("Upload-Length", Long.toString(session.length().getAsLong()));
        }
        headers.put("Upload-Limit", limit(session));
        headers.put("Cache-Control", "no-store");
        return new Answer.InMemory(204, headers, ByteBuffer.allocate(0));
    }

    Answer patch(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.patch(exchange);
        }
        if (!exchange.header("Content-Type").orElse("").equals(PARTIAL)) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "To append, PATCH with the Content-Type \"" + PARTIAL
                            + "\", or speak tus with \"Tus-Resumable: 1.0.0\".",
                    "Accept-Patch",
                    PARTIAL);
        }
        boolean last = requireComplete(exchange);
        long offset = Numbers.requiredSize(exchange.header("Upload-Offset"), "Upload-Offset");
        Optional<BodyChecksum> digest = DigestFields.read(exchange, "Content-Digest");
        ResumableUploads.Append append = append(exchange, offset, length(exchange, offset, last), last);
        try {
            RequestBody body = exchange.body(Long.MAX_VALUE, ErrorCode.FILE_TOO_LARGE);
            return appended(exchange, TusRoutes.id(exchange), append, checked(body, digest), 204);
        } catch (UploadRefused e) {
            throw translated(e, append);
        }
    }

    Answer delete(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.delete(exchange);
        }
        uploads.terminate(exchange.principal().owner(), TusRoutes.id(exchange), exchange.arrived());
        return Answer.empty(204);
    }

    private Answer appended(
            Exchange exchange, UUID id, ResumableUploads.Append append, UploadBody body, int unfinishedStatus)
            throws InterruptedException {
        ResumableUploads.Progress progress = uploads.append(exchange.principal().owner(), id, append, body);
        Map<String, String> headers = state(exchange, progress);
        if (progress.submission().isPresent()) {
            return answers.handedIn(progress.submission().get(), headers);
        }
        headers.put("Upload-Limit", limit(progress.session()));
        if (unfinishedStatus == 201) {
            headers.put("Location", tus.url(progress.session()));
        }
        return new Answer.InMemory(unfinishedStatus, headers, ByteBuffer.allocate(0));
    }

    private UploadBody checked(RequestBody plain, Optional<BodyChecksum> digest) {
        return digest.isPresent() ? new VerifiedBody(plain, settings, digest::orElseThrow) : plain;
    }

    private static ResumableUploads.Append append(Exchange exchange, long offset, OptionalLong length, boolean last) {
        return new ResumableUploads.Append(
                exchange.arrived(), offset, length, exchange.request().getLength(), last, true);
    }

    /** The refusal in the draft's own words, where it has them. */
    private RuntimeException translated(UploadRefused refusal, ResumableUploads.Append append) {
        return switch (refusal.reason()) {
            case WRONG_OFFSET -> ResumableProblem.mismatchingOffset(refusal, append.offset());
            case COMPLETE, WRONG_LENGTH -> ResumableProblem.inconsistentLength(refusal);
            case TOO_LARGE -> ResumableProblem.overLimit(refusal, limit());
            default -> refusal;
        };
    }

    /** Tells the client where it can go on, before its bytes have come. */
    private void announce(Exchange exchange, UploadSession session) throws InterruptedException {
        String interop = interop(exchange);
        if (!UNDERSTOOD.contains(exchange.header(INTEROP_FIELD).orElse(interop))) {
            return; // It speaks another draft and would misread what this one says.
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Location", tus.url(session));
        fields.put("Upload-Limit", limit(session));
        fields.put(INTEROP_FIELD, interop);
        try {
            InterimResponses.send(exchange.request(), exchange.response(), 104, "Upload Resumption Supported", fields);
        } catch (IOException _) {
            uploads.forget(session); // Nobody knows of it.
            throw new ApiException(
                    ErrorCode.INCOMPLETE_BODY, "The connection ended before the body had come. Send it again.");
        }
    }

    private Map<String, String> state(Exchange exchange, ResumableUploads.Progress progress) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upload-Complete", progress.session().complete() ? "?1" : "?0");
        headers.put("Upload-Offset", Long.toString(progress.offset().orElse(0)));
        headers.put(INTEROP_FIELD, interop(exchange));
        if (progress.session().complete()) {
            progress.session().jobId().ifPresent(job -> {
                headers.put("Claimcheck-Job-Id", job.toString());
                headers.put("Claimcheck-Status-Url", answers.statusUrl(job.toString()));
            });
        }
        return headers;
    }

    /** The version that both sides speak. */
    private static String interop(Exchange exchange) {
        return exchange.header(INTEROP_FIELD).filter(UNDERSTOOD::contains).orElse(INTEROP);
    }

    private String limit() {
        return "max-size=" + settings.maxSize();
    }

    private String limit(UploadSession session) {
        long age = Math.max(
                0, Duration.between(clock.instant(), session.expiresAt()).toSeconds());
        return limit() + ", max-age=" + age;
    }

    private static boolean requireComplete(Exchange exchange) {
        return switch (exchange.header("Upload-Complete").orElse("")) {
            case "?1" -> true;
            case "?0" -> false;
            default ->
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "Say with \"Upload-Complete: ?1\" that the file ends with this request, or with \"?0\" that more follows."
                                + " For tus, send \"Tus-Resumable: 1.0.0\"; for a plain upload, use POST /videos/upload.");
        };
    }

    /** The whole length, by Upload-Length or, with the last bytes, by their own number; both must say the same. */
    private OptionalLong length(Exchange exchange, long offset, boolean last) {
        OptionalLong declared = Numbers.size(exchange.header("Upload-Length"), "Upload-Length");
        long content = exchange.request().getLength();
        if (!last || content < 0) {
            return declared;
        }
        if (content > settings.maxSize()) {
            throw new ApiException(
                    ErrorCode.FILE_TOO_LARGE,
                    "The largest file accepted here is " + settings.maxSize() + " bytes.",
                    "Upload-Limit",
                    limit());
        }
        if (declared.isPresent() && declared.getAsLong() != offset + content) {
            throw ResumableProblem.inconsistentLength(new UploadRefused(
                    UploadRefused.Reason.WRONG_LENGTH,
                    "Upload-Length says " + declared.getAsLong() + " bytes, offset and Content-Length make "
                            + (offset + content) + "."));
        }
        return OptionalLong.of(offset + content);
    }

    private static Optional<String> dispositionName(Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        HttpField.getValueParameters(exchange.header("Content-Disposition").orElse(""), parameters);
        String extended = parameters.getOrDefault("filename*", "");
        if (extended.regionMatches(true, 0, "UTF-8''", 0, 7)) {
            try {
                return Optional.of(
                        URLDecoder.decode(extended.substring(7).replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException _) {
                throw new ApiException(
                        ErrorCode.INVALID_FILENAME,
                        "\"filename*\" in Content-Disposition is not well-formed. Send it as UTF-8''NAME, percent-encoded (RFC 8187).");
            }
        }
        return Optional.ofNullable(parameters.get("filename"));
    }
}
