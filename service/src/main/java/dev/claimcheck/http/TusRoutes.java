package dev.claimcheck.http;

import dev.claimcheck.upload.BodyChecksum;
import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.ResumableUploads;
import dev.claimcheck.upload.UploadBody;
import dev.claimcheck.upload.UploadKind;
import dev.claimcheck.upload.UploadRefused;
import dev.claimcheck.upload.UploadSession;
import dev.claimcheck.upload.UploadSettings;
import dev.claimcheck.upload.UploadStart;
import dev.claimcheck.upload.VerifiedBody;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * tus 1.0.0 (tus.io/protocols/resumable-upload) with the extensions creation, creation-with-upload, creation-defer-length, checksum, checksum-trailer, expiration,
 * termination, concatenation and concatenation-unfinished.
 */
final class TusRoutes {
    static final String PATH = "/videos/tus";
    static final String VERSION = "1.0.0";

    private static final String EXTENSIONS =
            "creation,creation-with-upload,creation-defer-length,checksum,checksum-trailer,"
                    + "expiration,termination,concatenation,concatenation-unfinished";
    private static final String CHECKSUMS = "sha1,sha256,sha512,md5";
    private static final String BYTES = "application/offset+octet-stream";
    /** What a file is called that nobody named. */
    static final String UNNAMED = "upload";

    /** IMF-fixdate of RFC 9110; the JDK's own RFC 1123 format has days of one digit. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private final ResumableUploads uploads;
    private final UploadSettings settings;
    private final UploadAnswers answers;
    private final String publicUrl;

    TusRoutes(ResumableUploads uploads, UploadSettings settings, UploadAnswers answers, String publicUrl) {
        this.uploads = uploads;
        this.settings = settings;
        this.answers = answers;
        this.publicUrl = publicUrl;
    }

    /** Every answer to a request that speaks tus says so, also one that never reaches a route. */
    static void greet(Request request, Response response) {
        if (speaks(request)) {
            response.getHeaders().put("Tus-Resumable", VERSION);
        }
    }

    /** Whether the request speaks tus; what does not speaks the IETF's resumable uploads. */
    static boolean speaks(Request request) {
        return request.getHeaders().contains("Tus-Resumable");
    }

    /** What is offered; the same for everybody. */
    Map<String, String> offers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Tus-Version", VERSION);
        headers.put("Tus-Resumable", VERSION);
        headers.put("Tus-Extension", EXTENSIONS);
        headers.put("Tus-Max-Size", Long.toString(settings.maxSize()));
        headers.put("Tus-Checksum-Algorithm", CHECKSUMS);
        return headers;
    }

    Answer create(Exchange exchange) throws InterruptedException {
        requireVersion(exchange);
        String metadataText = exchange.header("Upload-Metadata").orElse("");
        UploadMetadata metadata = UploadMetadata.parse(metadataText);
        String concat = exchange.header("Upload-Concat").orElse("");
        if (concat.startsWith("final;")) {
            return join(exchange, metadata, metadataText, concat);
        }
        OptionalLong length = declaredLength(exchange);
        boolean withBytes = exchange.request().getLength() != 0
                && exchange.header("Content-Type").orElse("").equals(BYTES);
        UploadSession session;
        if (concat.equals("partial")) {
            session = uploads.createPart(exchange.principal().owner(), length, metadataText);
        } else if (concat.isEmpty()) {
            session = uploads.create(start(exchange, metadata, length), metadataText);
        } else {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "Upload-Concat is \"partial\" or \"final;URL URL …\", nothing else.");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Location", url(session));
        if (withBytes) {
            headers.putAll(describe(firstBytes(exchange, session)));
            return new Answer.InMemory(201, headers, ByteBuffer.allocate(0));
        }
        headers.put("Upload-Expires", expires(session));
        return new Answer.InMemory(201, headers, ByteBuffer.allocate(0));
    }

    /** Whoever does not get the answer does not know the upload, so nothing of it is kept then. */
    private ResumableUploads.Progress firstBytes(Exchange exchange, UploadSession session) throws InterruptedException {
        try {
            return append(exchange, session.id(), 0, OptionalLong.empty());
        } catch (RuntimeException e) {
            uploads.forget(session);
            throw e;
        }
    }

    Answer head(Exchange exchange) throws InterruptedException {
        requireVersion(exchange);
        ResumableUploads.Progress progress =
                uploads.state(exchange.principal().owner(), id(exchange), exchange.arrived());
        UploadSession session = progress.session();
        Map<String, String> headers = new LinkedHashMap<>(describe(progress));
        if (session.length().isPresent()) {
            headers.put("Upload-Length", Long.toString(session.length().getAsLong()));
        } else if (session.concat().isEmpty() || session.kind() == UploadKind.PART) {
            headers.put("Upload-Defer-Length", "1");
        }
        session.metadata().filter(text -> !text.isEmpty()).ifPresent(text -> headers.put("Upload-Metadata", text));
        session.concatAsSaid().ifPresent(text -> headers.put("Upload-Concat", text));
        headers.put("Cache-Control", "no-store");
        return new Answer.InMemory(200, headers, ByteBuffer.allocate(0));
    }

    Answer patch(Exchange exchange) throws InterruptedException {
        requireVersion(exchange);
        if (!exchange.header("Content-Type").orElse("").equals(BYTES)) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_MEDIA_TYPE, "A tus PATCH has the Content-Type \"" + BYTES + "\".");
        }
        long offset = Numbers.requiredSize(exchange.header("Upload-Offset"), "Upload-Offset");
        OptionalLong length = Numbers.size(exchange.header("Upload-Length"), "Upload-Length");
        ResumableUploads.Progress progress = append(exchange, id(exchange), offset, length);
        return new Answer.InMemory(204, describe(progress), ByteBuffer.allocate(0));
    }

    Answer delete(Exchange exchange) throws InterruptedException {
        requireVersion(exchange);
        uploads.terminate(exchange.principal().owner(), id(exchange), exchange.arrived());
        return Answer.empty(204);
    }

    /** The upload in the path; what has not the form of an id is an upload that does not exist. */
    static UUID id(Exchange exchange) {
        return uuid(exchange.path("upload_id"));
    }

    String url(UploadSession session) {
        return publicUrl + PATH + "/" + session.id();
    }

    private Answer join(Exchange exchange, UploadMetadata metadata, String metadataText, String concat)
            throws InterruptedException {
        List<UUID> parts = Arrays.stream(
                        concat.substring("final;".length()).strip().split("\\s+", -1))
                .map(url -> uuid(url.substring(url.lastIndexOf('/') + 1)))
                .toList();
        ResumableUploads.Progress progress =
                uploads.join(start(exchange, metadata, OptionalLong.empty()), metadataText, concat, parts);
        Map<String, String> headers = new LinkedHashMap<>(describe(progress));
        headers.put("Location", url(progress.session()));
        return new Answer.InMemory(201, headers, ByteBuffer.allocate(0));
    }

    private ResumableUploads.Progress append(Exchange exchange, UUID id, long offset, OptionalLong length)
            throws InterruptedException {
        RequestBody plain = exchange.body(Long.MAX_VALUE, ErrorCode.FILE_TOO_LARGE);
        Optional<String> checksum = exchange.header("Upload-Checksum");
        boolean trailer =
                exchange.header("Trailer").orElse("").toLowerCase(Locale.ROOT).contains("upload-checksum");
        UploadBody body = plain;
        if (checksum.isPresent() || trailer) {
            checksum.ifPresent(TusRoutes::checksum); // refused before the bytes come
            body = new VerifiedBody(
                    plain,
                    settings,
                    () -> checksum(checksum.or(() -> plain.trailer("Upload-Checksum"))
                            .orElseThrow(() ->
                                    badChecksum("The trailer Upload-Checksum was announced, but did not come."))));
        }
        try {
            return uploads.append(
                    exchange.principal().owner(),
                    id,
                    new ResumableUploads.Append(
                            exchange.arrived(),
                            offset,
                            length,
                            exchange.request().getLength(),
                            false,
                            false),
                    body);
        } catch (UploadRefused e) {
            if (e.reason() == UploadRefused.Reason.WRONG_CHECKSUM && body != plain) {
                throw new ApiException(ErrorCode.TUS_CHECKSUM_MISMATCH, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private Map<String, String> describe(ResumableUploads.Progress progress) {
        UploadSession session = progress.session();
        Map<String, String> headers = new LinkedHashMap<>();
        if (progress.offset().isPresent()) {
            headers.put("Upload-Offset", Long.toString(progress.offset().getAsLong()));
        }
        if (session.complete()
                || session.concat().filter(said -> session.jobId().isPresent()).isPresent()) {
            // Who joins parts may never ask again, so the job is named before they are joined.
            progress.submission()
                    .map(submission -> submission.jobId())
                    .or(session::jobId)
                    .ifPresent(job -> {
                        headers.put("Claimcheck-Job-Id", job.toString());
                        headers.put("Claimcheck-Status-Url", answers.statusUrl(job.toString()));
                    });
        }
        if (!session.complete()) {
            headers.put("Upload-Expires", expires(session));
        }
        return headers;
    }

    private UploadStart start(Exchange exchange, UploadMetadata metadata, OptionalLong length) {
        return new UploadStart(
                exchange.principal().owner(),
                FileName.of(metadata.first("filename", "name").orElse(UNNAMED)),
                metadata.first("filetype", "type").map(TusRoutes::contentType).orElse(null),
                answers.processing(exchange.principal().owner(), metadata::first),
                UploadAnswers.priority(metadata.first("priority")),
                length,
                Optional.empty());
    }

    static String contentType(String text) {
        if (!text.matches("[\\x20-\\x7e]{1,255}")) {
            throw new ApiException(
                    ErrorCode.INVALID_METADATA, "The file's type is not a media type such as video/mp4.");
        }
        return text;
    }

    private static OptionalLong declaredLength(Exchange exchange) {
        OptionalLong length = Numbers.size(exchange.header("Upload-Length"), "Upload-Length");
        Optional<String> deferred = exchange.header("Upload-Defer-Length");
        if (length.isPresent() == deferred.isPresent()
                || (deferred.isPresent() && !deferred.get().equals("1"))) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "Say the Upload-Length, or \"Upload-Defer-Length: 1\" when it is not known yet; one of them, not both.");
        }
        return length;
    }

    private static BodyChecksum checksum(String text) {
        String[] parts = text.strip().split(" ", -1);
        if (parts.length != 2) {
            throw badChecksum("Upload-Checksum is an algorithm and the hash in Base64, with one space between.");
        }
        try {
            return BodyChecksum.of(parts[0], Base64.getDecoder().decode(parts[1]))
                    .orElseThrow(() -> badChecksum("The algorithms offered are " + CHECKSUMS + "."));
        } catch (IllegalArgumentException _) {
            throw badChecksum("The hash in Upload-Checksum is not Base64.");
        }
    }

    private static ApiException badChecksum(String what) {
        return new ApiException(ErrorCode.INVALID_CHECKSUM, what);
    }

    private static void requireVersion(Exchange exchange) {
        if (!exchange.header("Tus-Resumable").orElse("").equals(VERSION)) {
            throw new ApiException(
                    ErrorCode.UNSUPPORTED_VERSION,
                    "Only tus " + VERSION + " is spoken here. Send \"Tus-Resumable: " + VERSION + "\".",
                    "Tus-Version",
                    VERSION);
        }
    }

    private static String expires(UploadSession session) {
        return HTTP_DATE.format(session.expiresAt().atOffset(ZoneOffset.UTC));
    }

    private static UUID uuid(String text) {
        if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw new ApiException(
                    ErrorCode.UPLOAD_NOT_FOUND,
                    "You have no upload of this id. It may have expired or been ended; start a new one.");
        }
        return UUID.fromString(text);
    }
}
