package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;

/** Resumable Uploads for HTTP, the IETF's draft, by hand, one request each. Whether an upload is complete is said as {@code ?1} or {@code ?0}. */
record Draft(Api api) {
    static final String PATH = "/videos/tus";

    /** A request that opens an upload. */
    HttpRequest.Builder post(String complete) {
        return api.request(PATH).header("Upload-Complete", complete);
    }

    /** Opens an upload of that length by its first bytes, and gives its path. */
    String create(long length, byte[] first) {
        return api.send(post("?0")
                        .header("Upload-Length", "" + length)
                        .POST(BodyPublishers.ofByteArray(first))
                        .build())
                .expect(201)
                .header("Location");
    }

    Api.Answer patch(String upload, long offset, String complete, byte[] bytes) {
        return api.send(patchRequest(upload, offset, complete, bytes).build());
    }

    HttpRequest.Builder patchRequest(String upload, long offset, String complete, byte[] bytes) {
        HttpRequest.Builder request = api.request(upload).method("PATCH", BodyPublishers.ofByteArray(bytes));
        patchHeaders(offset, complete).forEach(request::header);
        return request;
    }

    static Map<String, String> patchHeaders(long offset, String complete) {
        return Map.of(
                "Upload-Complete",
                complete,
                "Upload-Offset",
                "" + offset,
                "Content-Type",
                "application/partial-upload");
    }

    Api.Answer head(String upload) {
        return api.send(
                api.request(upload).method("HEAD", BodyPublishers.noBody()).build());
    }

    void assertOffset(String upload, long offset, String complete) {
        Api.Answer head = head(upload);
        assertThat(head.header("Upload-Offset")).isEqualTo("" + offset);
        assertThat(head.header("Upload-Complete")).isEqualTo(complete);
    }
}
