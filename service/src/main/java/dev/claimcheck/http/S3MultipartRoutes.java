package dev.claimcheck.http;

import dev.claimcheck.upload.ChunkedUploads;
import dev.claimcheck.upload.UploadRefused;
import dev.claimcheck.upload.UploadSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Chunked uploads for clients that speak S3's multipart uploads with URLs they are given, such as Uppy's aws-s3 plug-in with {@code signRequest}: the same uploads
 * and the same chunks as {@link ChunkRoutes}, with the answers in S3's XML (CreateMultipartUpload, ListParts, CompleteMultipartUpload). There are no S3 signatures
 * here; the key is in the Authorization header as everywhere.
 */
final class S3MultipartRoutes {
    static final String PATH = "/videos/s3-multipart";
    /** Ten thousand parts take less. */
    private static final long MOST_XML = 2 << 20;

    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
    private static final String BUCKET = "videos";

    private final ChunkRoutes chunks;
    private final ChunkedUploads uploads;
    private final UploadAnswers answers;

    S3MultipartRoutes(ChunkRoutes chunks, ChunkedUploads uploads, UploadAnswers answers) {
        this.chunks = chunks;
        this.uploads = uploads;
        this.answers = answers;
    }

    /** CreateMultipartUpload; what S3 does not ask for, the size of the file and of its chunks, is in the query. */
    Answer create(Exchange exchange) throws InterruptedException {
        UploadSession session = chunks.open(exchange);
        return xml("InitiateMultipartUploadResult", names(session));
    }

    /** ListParts, always whole. */
    Answer list(Exchange exchange) throws InterruptedException {
        UploadSession session = find(exchange);
        StringBuilder parts = new StringBuilder(names(session)).append("<IsTruncated>false</IsTruncated>");
        for (int number : uploads.received(session)) {
            parts.append("<Part>")
                    .append(element("PartNumber", Integer.toString(number)))
                    .append(element("ETag", ChunkRoutes.etag(session, number)))
                    .append(element(
                            "Size", Integer.toString(session.sizeOfChunk(number).orElseThrow())))
                    .append("</Part>");
        }
        return xml("ListPartsResult", parts.toString());
    }

    /**
     * CompleteMultipartUpload. The last chunk has completed the upload already; this says so, or which chunks are missing. The key in the answer is the job's id, the
     * location its status.
     */
    Answer complete(Exchange exchange) throws InterruptedException {
        exchange.body(MOST_XML, ErrorCode.BODY_TOO_LARGE).read(bytes -> bytes.position(bytes.limit()));
        UploadSession session = find(exchange);
        if (!session.complete()) {
            List<Integer> received = uploads.received(session);
            throw new UploadRefused(
                    UploadRefused.Reason.OBJECT_MISSING,
                    received.size() + " of " + session.totalChunks()
                            + " chunks have come. Send the others, then complete the upload.");
        }
        String job = session.jobId().orElseThrow().toString();
        return xml(
                "CompleteMultipartUploadResult",
                element("Location", answers.statusUrl(job))
                        + element("Bucket", BUCKET)
                        + element("Key", job)
                        + element("ETag", "\"" + session.id() + "\""));
    }

    private UploadSession find(Exchange exchange) throws InterruptedException {
        return uploads.find(exchange.principal().owner(), ChunkRoutes.id(exchange));
    }

    private static String names(UploadSession session) {
        return element("Bucket", BUCKET)
                + element("Key", session.jobId().orElseThrow().toString())
                + element("UploadId", session.id().toString());
    }

    private static Answer xml(String root, String content) {
        ByteBuffer body = Answer.utf8("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root + " xmlns=\"" + NAMESPACE
                + "\">" + content + "</" + root + ">");
        return new Answer.InMemory(200, Map.of("Content-Type", "application/xml", "Cache-Control", "no-store"), body);
    }

    private static String element(String name, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
        return "<" + name + ">" + escaped + "</" + name + ">";
    }
}
