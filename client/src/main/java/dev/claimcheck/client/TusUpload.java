package dev.claimcheck.client;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** tus 1.0.0 (tus.io/protocols/resumable-upload): one stream in order; after a cut the service says where it stands, and it goes on from there. */
record TusUpload(Upload upload) implements UploadMethod {
    private static final String PATH = "/videos/tus";

    @Override
    public UploadReceipt send() throws InterruptedException {
        Optional<UploadJournal.Entry> begun = upload.begun(UploadWay.TUS);
        if (begun.isPresent()) {
            try {
                String id = begun.get().uploadId().isPresent()
                        ? begun.get().uploadId().get()
                        : create(begun.get().idempotencyKey());
                return sendRest(id);
            } catch (ClaimcheckException e) {
                if (e.status() != 404 && e.status() != 410 && !e.code().equals("idempotency_key_reused")) {
                    throw e;
                }
                // The service has forgotten it: it begins anew.
            }
        }
        return sendRest(create(HttpCalls.newIdempotencyKey()));
    }

    private String create(String idempotencyKey) throws InterruptedException {
        upload.remember(new UploadJournal.Entry(UploadWay.TUS, idempotencyKey, Optional.empty()));
        StringBuilder metadata = new StringBuilder("filename " + base64(upload.filename()) + ",priority "
                + base64(upload.options().priority().word()));
        upload.options()
                .processing()
                .members()
                .forEach((name, value) ->
                        metadata.append(',').append(name).append(' ').append(base64(value)));
        HttpRequest request = tus(upload.calls().request(PATH))
                .header("Upload-Length", Long.toString(upload.file().size()))
                .header("Upload-Metadata", metadata.toString())
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.noBody())
                .build();
        HttpResponse<String> made = upload.attempts().until(() -> {
            HttpResponse<String> response = upload.calls().send(request);
            HttpCalls.require(response);
            return response;
        });
        String location = made.headers().firstValue("Location").orElse("");
        // Only the id is taken from it: the key goes to the address that it was given for, and nowhere else.
        String id = location.substring(location.lastIndexOf('/') + 1);
        upload.remember(new UploadJournal.Entry(UploadWay.TUS, idempotencyKey, Optional.of(id)));
        return id;
    }

    private UploadReceipt sendRest(String id) throws InterruptedException {
        String path = PATH + "/" + HttpCalls.encode(id);
        long size = upload.file().size();
        HttpResponse<String> last = upload.attempts().until(() -> head(path));
        long offset = offset(last);
        upload.progress().start(UploadWay.TUS, offset);
        Attempts attempts = upload.attempts();
        while (offset < size) {
            try {
                last = patch(path, offset, Math.min(upload.options().chunkSize().orElse(size), size - offset));
                offset = offset(last);
                attempts.progressed();
            } catch (ClaimcheckException e) {
                boolean behind = e.code().equals("offset_mismatch") || e.code().equals("upload_complete");
                if (!e.isPassing() && !behind) {
                    throw e;
                }
                long before = offset;
                last = upload.attempts().until(() -> head(path));
                offset = offset(last);
                upload.progress().standsAt(offset);
                if (offset > before) {
                    attempts.progressed();
                } else if (behind && offset == before) {
                    throw e;
                }
                if (!behind) {
                    attempts.pauseAfter(e);
                }
            }
        }
        return UploadReceipt.begun(
                last.headers()
                        .firstValue("Claimcheck-Job-Id")
                        .orElseThrow(() -> new ClaimcheckException(
                                0, "bad_answer", "The service took every byte, but names no job for them.")),
                "");
    }

    private HttpResponse<String> head(String path) throws InterruptedException {
        HttpResponse<String> response = upload.calls()
                .send(tus(upload.calls().request(path))
                        .method("HEAD", BodyPublishers.noBody())
                        .build());
        HttpCalls.require(response);
        return response;
    }

    private HttpResponse<String> patch(String path, long offset, long length) throws InterruptedException {
        return upload.transfer(
                tus(upload.calls().transferRequest(path))
                        .header("Upload-Offset", Long.toString(offset))
                        .header("Content-Type", "application/offset+octet-stream")
                        .expectContinue(true),
                "PATCH",
                offset,
                length);
    }

    private static HttpRequest.Builder tus(HttpRequest.Builder request) {
        return request.header("Tus-Resumable", "1.0.0");
    }

    private static long offset(HttpResponse<String> response) {
        return response.headers()
                .firstValueAsLong("Upload-Offset")
                .orElseThrow(() -> new ClaimcheckException(
                        0, "bad_answer", "The answer names no Upload-Offset; is this address a Claimcheck service?"));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
