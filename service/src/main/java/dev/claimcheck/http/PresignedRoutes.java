package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.upload.PresignedUploads;
import dev.claimcheck.upload.UploadSession;
import java.util.Map;
import java.util.OptionalLong;
import org.eclipse.jetty.server.Request;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Uploads by one PUT to a signed URL, and what tells that the object has come. */
final class PresignedRoutes {
    private final PresignedUploads uploads;
    private final String publicUrl;
    private final long maxSize;

    PresignedRoutes(PresignedUploads uploads, String publicUrl, long maxSize) {
        this.uploads = uploads;
        this.publicUrl = publicUrl;
        this.maxSize = maxSize;
    }

    Answer create(Exchange exchange) throws InterruptedException {
        UploadRequest asked = UploadRequest.read(exchange);
        PresignedUploads.Signed signed =
                uploads.create(asked.start(exchange.principal().owner(), asked.size("size")));
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
        UploadSession session = uploads.ofToken(exchange.path("token"));
        RequestBody body = exchange.body(maxSize, ErrorCode.FILE_TOO_LARGE);
        long length = exchange.request().getLength();
        Digest digest = uploads.put(
                session,
                exchange.header("Content-Type").orElse(""),
                length < 0 ? OptionalLong.empty() : OptionalLong.of(length),
                body);
        return new Answer.InMemory(200, Map.of("ETag", "\"" + digest.hex() + "\""), java.nio.ByteBuffer.allocate(0));
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

    /** S3 event notifications, as Amazon and MinIO send them to a webhook; with the admin's key. */
    Answer events(Exchange exchange) throws InterruptedException {
        exchange.admin();
        JsonNode body = exchange.jsonBody();
        int taken = 0;
        for (JsonNode record : body.path("Records")) {
            String name = record.path("eventName").asString("");
            String key = record.path("s3").path("object").path("key").asString("");
            if (name.contains("ObjectCreated") && !key.isEmpty()) {
                uploads.objectCreated(decoded(key));
                taken++;
            }
        }
        return Answer.json(200, JsonMapper.shared().createObjectNode().put("taken", taken));
    }

    /** Keys in notifications are encoded as in a form. */
    private static String decoded(String key) {
        try {
            return java.net.URLDecoder.decode(key, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new ApiException(ErrorCode.INVALID_REQUEST, "The object's key is not percent-encoded UTF-8.");
        }
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
