package dev.claimcheck.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One PUT to a signed address, then word to the service. The address may be another host's: it never gets the API key. */
record PresignedUpload(Upload upload) implements UploadMethod {
    /** These follow from the request itself; the HTTP client sets them and lets nobody else do so. */
    private static final Set<String> IMPLIED = Set.of("content-length", "host", "connection", "expect");

    /** A signed address and the upload it belongs to. */
    private record Signed(String jobId, String fileKey, URI url, JsonNode headers) {}

    @Override
    public UploadReceipt send() throws InterruptedException {
        Optional<UploadJournal.Entry> begun = upload.begun(UploadWay.PRESIGNED);
        Signed signed = begun.isPresent() ? signedBefore(begun.get()) : signed(HttpCalls.newIdempotencyKey());
        if (begun.isPresent()) {
            Optional<UploadReceipt> done = completeIfThere(signed);
            if (done.isPresent()) {
                upload.progress().start(UploadWay.PRESIGNED, upload.file().size());
                return done.get();
            }
        }
        upload.progress().start(UploadWay.PRESIGNED, 0);
        Attempts attempts = upload.attempts();
        boolean refusedBefore = false;
        while (true) {
            try {
                put(signed);
                return complete(signed);
            } catch (ClaimcheckException e) {
                // The answer to an earlier PUT was lost: the service says it in words, an object storage by its status.
                if (e.code().equals("upload_complete") || e.status() == 412) {
                    return complete(signed);
                }
                // Whether an address is too old is for its host to say: the clocks may differ.
                boolean refused =
                        e.status() == 403 || e.status() == 404 || e.code().equals("object_missing");
                if (!refused) {
                    attempts.pauseAfter(e);
                } else if (refusedBefore) {
                    throw e;
                } else {
                    signed = signed(HttpCalls.newIdempotencyKey());
                }
                refusedBefore = refused;
            }
        }
    }

    /** The same address as before where the service remembers it. */
    private Signed signedBefore(UploadJournal.Entry entry) throws InterruptedException {
        try {
            return signed(entry.idempotencyKey());
        } catch (ClaimcheckException e) {
            if (!e.code().equals("idempotency_key_reused")) {
                throw e;
            }
            return signed(HttpCalls.newIdempotencyKey()); // It was asked for with other options.
        }
    }

    private Signed signed(String idempotencyKey) throws InterruptedException {
        upload.remember(new UploadJournal.Entry(UploadWay.PRESIGNED, idempotencyKey, Optional.empty()));
        ObjectNode asked = upload.description().put("size", upload.file().size());
        JsonNode answer = upload.ask(upload.calls().post("/videos/upload-url", asked, idempotencyKey));
        return new Signed(
                answer.path("job_id").asString(),
                answer.path("file_key").asString(),
                upload.calls().base().resolve(answer.path("upload_url").asString()),
                answer.path("headers"));
    }

    private void put(Signed signed) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(signed.url()).expectContinue(true);
        signed.headers().propertyStream().forEach(header -> {
            if (!IMPLIED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                request.header(header.getKey(), header.getValue().asString());
            }
        });
        upload.transfer(request, "PUT", 0, upload.file().size());
    }

    private Optional<UploadReceipt> completeIfThere(Signed signed) throws InterruptedException {
        try {
            return Optional.of(complete(signed));
        } catch (ClaimcheckException e) {
            if (e.code().equals("object_missing") || e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Saying so again is harmless. */
    private UploadReceipt complete(Signed signed) throws InterruptedException {
        ObjectNode asked = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", signed.jobId())
                .put("file_key", signed.fileKey());
        JsonNode answer =
                upload.ask(upload.calls().post("/videos/upload-complete", asked, HttpCalls.newIdempotencyKey()));
        return UploadReceipt.begun(answer.path("job_id").asString(), signed.jobId());
    }
}
