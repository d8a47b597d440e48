package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An upload in chunks, by hand. */
final class Chunked {
    private final Api api;
    private final String id;
    private final String job;
    private final byte[] content;
    private final int chunkSize;

    private Chunked(Api api, String id, String job, byte[] content, int chunkSize) {
        this.api = api;
        this.id = id;
        this.job = job;
        this.content = content;
        this.chunkSize = chunkSize;
    }

    static Chunked start(Api api, byte[] content, int chunkSize, String filename) {
        Api.Answer started = start(api, content.length, chunkSize, filename);
        assertThat(started.status()).as(started.body()::toString).isEqualTo(201);
        return new Chunked(api, started.text("upload_id"), started.text("job_id"), content, chunkSize);
    }

    /** An upload whose client says what its content's SHA-256 is. */
    static Chunked start(Api api, byte[] content, int chunkSize, String filename, String sha256) {
        Api.Answer started = api.post(
                "/videos/start-chunked-upload",
                announcement(content.length, chunkSize, filename)
                        .put("sha256", sha256)
                        .toString());
        assertThat(started.status()).as(started.body()::toString).isEqualTo(201);
        return new Chunked(api, started.text("upload_id"), started.text("job_id"), content, chunkSize);
    }

    static Api.Answer start(Api api, long size, long chunkSize, String filename) {
        return api.post(
                "/videos/start-chunked-upload",
                announcement(size, chunkSize, filename).toString());
    }

    private static ObjectNode announcement(long size, long chunkSize, String filename) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("filename", filename)
                .put("total_size", size)
                .put("chunk_size", chunkSize);
    }

    String id() {
        return id;
    }

    String job() {
        return job;
    }

    /** The same upload, as that client sees it. */
    Chunked as(Api other) {
        return new Chunked(other, id, job, content, chunkSize);
    }

    String path(int number) {
        return "/videos/upload-chunk/" + id + "/" + number;
    }

    byte[] chunk(int number) {
        int from = (number - 1) * chunkSize;
        return Arrays.copyOfRange(content, from, Math.min(content.length, from + chunkSize));
    }

    int total() {
        return Math.ceilDiv(content.length, chunkSize);
    }

    Api.Answer put(int number) {
        return put(number, chunk(number));
    }

    Api.Answer put(int number, byte[] bytes) {
        return api.send(
                api.request(path(number)).PUT(BodyPublishers.ofByteArray(bytes)).build());
    }

    Api.Answer look() {
        return api.get("/videos/chunked-uploads/" + id);
    }

    List<Integer> received() {
        return look().body()
                .path("received_chunks")
                .valueStream()
                .map(JsonNode::asInt)
                .toList();
    }

    Api.Answer abort() {
        return api.delete("/videos/chunked-uploads/" + id);
    }
}
