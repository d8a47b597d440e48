package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.upload.PresignedUploads;
import dev.claimcheck.upload.SignedPuts;
import dev.claimcheck.upload.UploadSession;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Uploads by one PUT to a signed URL, and what tells that the object has come. */
final class PresignedRoutes {
    private final PresignedUploads uploads;
    private final SignedPuts puts;
    private final UploadAnswers answers;
    private final String publicUrl;
    private final long maxSize;

    PresignedRoutes(PresignedUploads uploads, SignedPuts puts, UploadAnswers answers, String publicUrl, long maxSize) {
        this.uploads = uploads;
        this.puts = puts;
        this.answers = answers;
        this.publicUrl = publicUrl;
        this.maxSize = maxSize;
    }

    Answer create(Exchange exchange) throws InterruptedException {
        UploadRequest asked = UploadRequest.read(exchange);
        PresignedUploads.Signed signed =
                uploads.create(asked.start(exchange.principal().owner(), asked.size("size"), answers));
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", signed.session().jobId().orElseThrow().toString())
                .put("upload_url", absolute(exchange, signed.url()))
                .put("file_key", signed.session().object().key())
                .put("method", "PUT");
        ObjectNode headers = json.putObject("headers");
        signed.headers().forEach(headers::put);
        json.put("expires_at", signed.expiresAt().toString());
        return Answer.json(201, json);
    }

    /** The signed PUT to this server; the token in the path is the right to it. */
    Answer put(Exchange exchange) throws InterruptedException {
        UploadSession session = puts.ofToken(exchange.path("token"));
        RequestBody body = exchange.body(maxSize, ErrorCode.FILE_TOO_LARGE);
        long length = exchange.request().getLength();
        Digest digest = puts.put(
                session,
                exchange.header("Content-Type").orElse(""),
                length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                body);
        return new Answer.InMemory(200, Map.of("ETag", "\"" + digest.hex() + "\""), ByteBuffer.allocate(0));
    }

    Answer complete(Exchange exchange) throws InterruptedException {
        UploadRequest asked = UploadRequest.read(exchange);
        JobId job = JobId.parse(asked.required("job_id")).orElseThrow(Exchange::noSuchJob);
        JobId started = uploads.complete(exchange.principal().owner(), job, asked.required("file_key"));
        return Answer.json(
                200,
                JsonMapper.shared()
                        .createObjectNode()
                        .put("status", "processing_started")
                        .put("job_id", started.toString()));
    }

    /**
     * Notifications of new objects, with the admin's key: S3 event messages as Amazon and MinIO send them, and Amazon EventBridge events. What is no upload of ours is
     * none of our business; trouble of ours is answered so that the sender tries again.
     */
    Answer events(Exchange exchange) throws InterruptedException {
        exchange.admin();
        int records = 0;
        int handedIn = 0;
        for (StorageEvents.Created created : StorageEvents.createdObjects(exchange.jsonBody())) {
            records++;
            handedIn += uploads.objectCreated(created.bucket(), created.name()) ? 1 : 0;
        }
        return Answer.json(
                200,
                JsonMapper.shared().createObjectNode().put("objects", records).put("uploads_completed", handedIn));
    }

    /** Whoever gets the URL may be another program: it carries the whole address. */
    private String absolute(Exchange exchange, String url) {
        if (!url.startsWith("/")) {
            return url;
        }
        if (!publicUrl.isEmpty()) {
            return publicUrl + url;
        }
        Request request = exchange.request();
        int port = Request.getServerPort(request);
        String scheme = request.getHttpURI().getScheme();
        return scheme + "://" + Request.getServerName(request) + ":" + port + url;
    }
}
