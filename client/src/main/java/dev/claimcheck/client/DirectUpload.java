package dev.claimcheck.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The whole file in one request. */
record DirectUpload(Upload upload) implements UploadMethod {
    @Override
    public UploadReceipt send() throws InterruptedException {
        upload.progress().start(UploadWay.DIRECT, 0);
        String key = HttpCalls.newIdempotencyKey();
        HttpResponse<String> response = upload.attempts()
                .until(() ->
                        upload.transfer(request(key), "POST", 0, upload.file().size()));
        return UploadReceipt.of(HttpCalls.body(response), response.statusCode() == 200);
    }

    /** Asks first ("Expect: 100-continue"), so that a refusal is heard before gigabytes have gone. */
    private HttpRequest.Builder request(String idempotencyKey) {
        StringBuilder path = new StringBuilder("/videos/upload?filename=" + HttpCalls.encode(upload.filename())
                + "&priority=" + upload.options().priority().word());
        upload.options()
                .processing()
                .members()
                .forEach((name, value) ->
                        path.append('&').append(name).append('=').append(HttpCalls.encode(value)));
        return upload.calls()
                .transferRequest(path.toString())
                .header("Content-Type", "application/octet-stream")
                .header("Idempotency-Key", idempotencyKey)
                .expectContinue(true);
    }
}
