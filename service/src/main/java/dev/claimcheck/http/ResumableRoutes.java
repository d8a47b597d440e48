package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.OwnerId;
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
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Resumable Uploads for HTTP (draft-ietf-httpbis-resumable-upload-11, interop version 8): any POST here becomes an upload that can go on after a cut. The resources are
 * those of {@link TusRoutes}; a request without Tus-Resumable speaks this.
 */
final class ResumableRoutes {
    private static final String INTEROP = "8";
    private static final String PARTIAL = "application/partial-upload";
    private static final String PROBLEMS = "https://iana.org/assignments/http-problem-types#";

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
        headers.put("Upload-Limit", "max-size=" + settings.maxSize());
        return new Answer.InMemory(204, headers, ByteBuffer.allocate(0));
    }

    Answer create(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.create(exchange);
        }
        boolean last = requireComplete(exchange);
        OptionalLong length = length(exchange, 0, last);
        if (last && length.isPresent() && length.getAsLong() == 0) {
            throw new UploadRefused(UploadRefused.Reason.EMPTY, "The file has no content. Send one that has.");
        }
        UploadStart start = new UploadStart(
                exchange.principal().owner(),
                FileName.of(exchange.query("filename")
                        .or(() -> dispositionName(exchange))
                        .orElse("")),
                exchange.header("Content-Type").orElse(null),
                UploadAnswers.profile(exchange.query("profile")),
                UploadAnswers.priority(exchange.query("priority")),
                length,
                DigestFields.read(exchange, "Repr-Digest")
                        .filter(digest -> digest.algorithm().equals("SHA-256"))
                        .map(digest -> new Digest(digest.hex())));
        RequestBody body = exchange.body(settings.maxSize(), ErrorCode.FILE_TOO_LARGE);
        UploadSession session = uploads.create(start, null);
        announce(exchange, session);
        return appended(exchange, session.id(), new ResumableUploads.Append(0, length, last, true), body, 201);
    }

    Answer head(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.head(exchange);
        }
        ResumableUploads.Progress progress = uploads.state(exchange.principal().owner(), TusRoutes.id(exchange));
        UploadSession session = progress.session();
        Map<String, String> headers = new LinkedHashMap<>(state(progress));
        if (session.length().isPresent()) {
            headers.put("Upload-Length", Long.toString(session.length().getAsLong()));
        }
        headers.put("Upload-Limit", limit(session));
        headers.put("Cache-Control", "no-store");
        addJob(headers, progress);
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
        RequestBody body = exchange.body(Long.MAX_VALUE, ErrorCode.FILE_TOO_LARGE);
        return appended(
                exchange,
                TusRoutes.id(exchange),
                new ResumableUploads.Append(offset, length(exchange, offset, last), last, true),
                body,
                204);
    }

    Answer delete(Exchange exchange) throws InterruptedException {
        if (TusRoutes.speaks(exchange.request())) {
            return tus.delete(exchange);
        }
        uploads.terminate(exchange.principal().owner(), TusRoutes.id(exchange));
        return Answer.empty(204);
    }

    private Answer appended(
            Exchange exchange, java.util.UUID id, ResumableUploads.Append append, RequestBody plain, int unfinished)
            throws InterruptedException {
        OwnerId owner = exchange.principal().owner();
        Optional<BodyChecksum> digest = DigestFields.read(exchange, "Content-Digest");
        UploadBody body = digest.isPresent() ? new VerifiedBody(plain, settings, digest::orElseThrow) : plain;
        try {
            ResumableUploads.Progress progress = uploads.append(owner, id, append, body);
            Map<String, String> headers = new LinkedHashMap<>(state(progress));
            if (progress.submission().isPresent()) {
                addJob(headers, progress);
                return answers.handedIn(progress.submission().get(), headers);
            }
            headers.put("Upload-Limit", limit(progress.session()));
            if (unfinished == 201) {
                headers.put("Location", tus.url(progress.session()));
            }
            return new Answer.InMemory(unfinished, headers, ByteBuffer.allocate(0));
        } catch (UploadRefused e) {
            throw translated(e, append);
        }
    }

    /** The draft's own problem types, where it has them. */
    private static RuntimeException translated(UploadRefused refusal, ResumableUploads.Append append) {
        return switch (refusal.reason()) {
            case WRONG_OFFSET ->
                new TypedProblem(
                        ErrorCode.OFFSET_MISMATCH,
                        refusal,
                        PROBLEMS + "mismatching-upload-offset",
                        Map.of("expected-offset", refusal.offset().orElse(0), "provided-offset", append.offset()));
            case COMPLETE ->
                new TypedProblem(ErrorCode.LENGTH_MISMATCH, refusal, PROBLEMS + "completed-upload", Map.of());
            case WRONG_LENGTH ->
                new TypedProblem(ErrorCode.LENGTH_MISMATCH, refusal, PROBLEMS + "inconsistent-upload-length", Map.of());
            default -> refusal;
        };
    }

    /** Tells the client where it can go on, before its bytes have come. */
    private void announce(Exchange exchange, UploadSession session) throws InterruptedException {
        String interop = exchange.header("Upload-Draft-Interop-Version").orElse(INTEROP);
        if (!interop.equals(INTEROP)) {
            return; // It speaks another draft and would misread what this one says.
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Location", tus.url(session));
        fields.put("Upload-Limit", limit(session));
        fields.put("Upload-Draft-Interop-Version", INTEROP);
        try {
            InterimResponses.send(exchange.request(), exchange.response(), 104, "Upload Resumption Supported", fields);
        } catch (IOException _) {
            throw new ApiException(
                    ErrorCode.INCOMPLETE_BODY, "The connection ended before the body had come. Send it again.");
        }
    }

    private static Map<String, String> state(ResumableUploads.Progress progress) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upload-Complete", progress.session().complete() ? "?1" : "?0");
        headers.put("Upload-Offset", Long.toString(progress.offset().orElse(0)));
        headers.put("Upload-Draft-Interop-Version", INTEROP);
        return headers;
    }

    private void addJob(Map<String, String> headers, ResumableUploads.Progress progress) {
        if (progress.session().complete()) {
            progress.session().jobId().ifPresent(job -> {
                headers.put("Claimcheck-Job-Id", job.toString());
                headers.put("Claimcheck-Status-Url", answers.statusUrl(job.toString()));
            });
        }
    }

    private String limit(UploadSession session) {
        long age = Math.max(
                0, Duration.between(clock.instant(), session.expiresAt()).toSeconds());
        return "max-size=" + settings.maxSize() + ", max-age=" + age;
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
    private static OptionalLong length(Exchange exchange, long offset, boolean last) {
        OptionalLong declared = Numbers.size(exchange.header("Upload-Length"), "Upload-Length");
        long content = exchange.request().getLength();
        if (!last || content < 0) {
            return declared;
        }
        if (declared.isPresent() && declared.getAsLong() != offset + content) {
            throw new ApiException(
                    ErrorCode.LENGTH_MISMATCH,
                    "Upload-Length says " + declared.getAsLong() + " bytes, offset and Content-Length make "
                            + (offset + content) + ".");
        }
        return OptionalLong.of(offset + content);
    }

    private static Optional<String> dispositionName(Exchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        HttpField.getValueParameters(
                exchange.header(HttpHeader.CONTENT_DISPOSITION.asString()).orElse(""), parameters);
        String extended = parameters.getOrDefault("filename*", "");
        if (extended.regionMatches(true, 0, "UTF-8''", 0, 7)) {
            return Optional.of(URLDecoder.decode(extended.substring(7).replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        return Optional.ofNullable(parameters.get("filename"));
    }

    /** A problem with a type that a standard defines. */
    static final class TypedProblem extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final ErrorCode code;
        private final String type;
        private final transient Map<String, Long> members;
        private final long offset;

        TypedProblem(ErrorCode code, UploadRefused cause, String type, Map<String, Long> members) {
            super(cause.getMessage(), cause);
            this.code = code;
            this.type = type;
            this.members = Map.copyOf(members);
            this.offset = cause.offset().orElse(-1);
        }

        Answer.InMemory answer() {
            Answer.InMemory plain = Problems.problem(
                    code,
                    String.valueOf(getMessage()),
                    offset < 0 ? Map.of() : Map.of("Upload-Offset", Long.toString(offset)));
            var body = (tools.jackson.databind.node.ObjectNode) JsonMapper.shared()
                    .readTree(StandardCharsets.UTF_8
                            .decode(plain.body().duplicate())
                            .toString());
            body.put("type", type);
            members.forEach(body::put);
            return new Answer.InMemory(plain.status(), plain.headers(), Answer.utf8(body.toString()));
        }
    }
}
