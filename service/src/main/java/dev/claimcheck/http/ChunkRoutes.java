package dev.claimcheck.http;

import dev.claimcheck.upload.BodyChecksum;
import dev.claimcheck.upload.ChunkedUploads;
import dev.claimcheck.upload.UploadBody;
import dev.claimcheck.upload.UploadSession;
import dev.claimcheck.upload.UploadStart;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Uploads in numbered chunks: start, chunks in any order and side by side, look, end. */
final class ChunkRoutes {
    private static final String CHUNK_FIELD = "chunk";

    private final ChunkedUploads uploads;
    private final UploadAnswers answers;

    ChunkRoutes(ChunkedUploads uploads, UploadAnswers answers) {
        this.uploads = uploads;
        this.answers = answers;
    }

    Answer start(Exchange exchange) throws InterruptedException {
        return Answer.json(201, describe(open(exchange)));
    }

    /** Opens the upload that the request describes. */
    UploadSession open(Exchange exchange) throws InterruptedException {
        UploadRequest asked = UploadRequest.read(exchange);
        UploadStart start = asked.start(exchange.principal().owner(), asked.size("total_size"), answers);
        if (start.length().isEmpty()) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"total_size\" is missing. Say it as a whole number of bytes.");
        }
        return uploads.start(start, asked.size("chunk_size"));
    }

    Answer chunk(Exchange exchange) throws InterruptedException {
        String number = exchange.path("chunk_number");
        if (!number.matches("[1-9]\\d{0,4}")) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "The chunk's number in the path is a whole number from 1 on.");
        }
        RequestBody body = exchange.body(Long.MAX_VALUE, ErrorCode.FILE_TOO_LARGE);
        long length = exchange.request().getLength();
        boolean form = exchange.isForm();
        ChunkedUploads.Received received = uploads.put(
                exchange.principal().owner(),
                id(exchange),
                new ChunkedUploads.Chunk(
                        Integer.parseInt(number),
                        form || length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                        checksum(exchange),
                        form ? new FormChunk(exchange, body) : body));
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("chunk_uploaded", Integer.parseInt(number))
                .put("received", received.received())
                .put("total_chunks", received.session().totalChunks());
        received.submission()
                .ifPresent(submission -> json.put("job_id", submission.jobId().toString())
                        .put("status", UploadAnswers.status(submission).name())
                        .put("status_url", answers.statusUrl(submission.jobId().toString())));
        return Answer.json(
                200,
                json,
                Map.of("ETag", etag(received.session(), Integer.parseInt(number)), "Cache-Control", "no-store"));
    }

    /** Names a chunk that has come, for clients that keep such names as S3's do; it says nothing of the bytes. */
    static String etag(UploadSession session, int number) {
        return "\"" + session.id() + "-" + number + "\"";
    }

    Answer look(Exchange exchange) throws InterruptedException {
        UploadSession session = uploads.find(exchange.principal().owner(), id(exchange));
        ObjectNode json = describe(session);
        ArrayNode received = json.putArray("received_chunks");
        uploads.received(session).forEach(received::add);
        return Answer.json(200, json);
    }

    Answer end(Exchange exchange) {
        uploads.abort(exchange.principal().owner(), id(exchange));
        return Answer.empty(204);
    }

    private ObjectNode describe(UploadSession session) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("upload_id", session.id().toString())
                .put("job_id", session.jobId().orElseThrow().toString())
                .put("filename", session.filename())
                .put("total_size", session.length().orElseThrow())
                .put("chunk_size", session.chunkSize().orElseThrow())
                .put("total_chunks", session.totalChunks())
                .put("complete", session.complete())
                .put("expires_at", session.expiresAt().toString());
        json.put("status_url", answers.statusUrl(session.jobId().orElseThrow().toString()));
        return json;
    }

    /** The upload in the path; what has not the form of an id is an upload that does not exist. */
    static UUID id(Exchange exchange) {
        String text = exchange.path("upload_id");
        if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw new ApiException(
                    ErrorCode.UPLOAD_NOT_FOUND,
                    "You have no upload of this id. It may have expired or been ended; start a new one.");
        }
        return UUID.fromString(text);
    }

    private static Optional<BodyChecksum> checksum(Exchange exchange) {
        Optional<String> hex = exchange.header("X-Checksum-Sha256");
        if (hex.isPresent()) {
            if (!hex.get().matches("[0-9a-fA-F]{64}")) {
                throw new ApiException(
                        ErrorCode.INVALID_CHECKSUM, "X-Checksum-Sha256 is a SHA-256 of 64 hexadecimal digits.");
            }
            return BodyChecksum.of("sha256", HexFormat.of().parseHex(hex.get()));
        }
        if (exchange.isForm()) {
            return Optional.empty(); // Its digest is that of the form, not of the chunk in it.
        }
        return DigestFields.read(exchange, "Content-Digest").or(() -> DigestFields.read(exchange, "Repr-Digest"));
    }

    /** A chunk that comes as the part {@code chunk} of a form. */
    private record FormChunk(Exchange exchange, RequestBody body) implements UploadBody {
        @Override
        public void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
            MultipartForm form = new MultipartForm(
                    exchange.header("Content-Type").orElse(""),
                    CHUNK_FIELD,
                    (_, _) -> consumer,
                    Long.MAX_VALUE,
                    exchange.formDigest());
            body.readChunks(form::parse);
            form.requireComplete();
        }

        @Override
        public void cancel() {
            body.cancel();
        }
    }
}
