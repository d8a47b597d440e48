package dev.claimcheck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.storage.DirectAccess.SignedPut;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store promises that hands out signed URLs. Subclasses give the real thing. */
public abstract class DirectAccessContract {
    private static final byte[] CONTENT = "the bytes of a video".getBytes(UTF_8);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private @Nullable ObjectStore opened;

    protected abstract ObjectStore open();

    private ObjectStore store() {
        ObjectStore store = opened;
        if (store == null) {
            store = open();
            opened = store;
        }
        return store;
    }

    private DirectAccess direct() {
        return (DirectAccess) store();
    }

    @Test
    void aSignedPutBringsTheObject() throws Exception {
        SignedPut put = direct().signPut("sources/a", "video/mp4", OptionalLong.of(CONTENT.length), sha256(), HOUR);
        assertThat(direct().settle("sources/a")).isEmpty();

        assertThat(send("PUT", put.url(), put.headers(), CONTENT)).isEqualTo(200);

        assertThat(direct().settle("sources/a").map(ObjectStore.ObjectInfo::size))
                .contains((long) CONTENT.length);
        assertThat(direct().settle("sources/a").map(ObjectStore.ObjectInfo::key))
                .contains("sources/a");
        assertThat(read("sources/a")).isEqualTo(CONTENT);
    }

    @Test
    void whatIsNotSignedIsRefused() throws Exception {
        SignedPut put = direct().signPut("sources/b", "video/mp4", OptionalLong.of(CONTENT.length), sha256(), HOUR);

        byte[] other = CONTENT.clone();
        other[0]++;
        assertThat(send("PUT", put.url(), put.headers(), other))
                .as("other bytes")
                .isBetween(400, 403);
        assertThat(send("PUT", put.url(), put.headers(), "longer than announced".getBytes(UTF_8)))
                .as("longer")
                .isEqualTo(403);
        assertThat(send("PUT", put.url(), with(put.headers(), "content-type", "text/html"), CONTENT))
                .as("another type")
                .isEqualTo(403);
        assertThat(send(
                        "PUT",
                        URI.create(put.url().toString().replace("sources/b", "sources/c")),
                        put.headers(),
                        CONTENT))
                .as("another key")
                .isEqualTo(403);
        assertThat(send("DELETE", put.url(), put.headers(), new byte[0]))
                .as("another method")
                .isEqualTo(403);
        assertThat(send("PUT", URI.create(put.url() + "0"), put.headers(), CONTENT))
                .as("another signature")
                .isEqualTo(403);
        assertThat(direct().settle("sources/b")).isEmpty();
    }

    /** A second is the shortest that can be signed for. */
    @Test
    void aLatePutIsRefused() throws Exception {
        SignedPut put = direct().signPut(
                        "sources/late", "video/mp4", OptionalLong.empty(), Optional.empty(), Duration.ofSeconds(1));

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> send("PUT", put.url(), with(put.headers(), "content-type", "video/mp4"), CONTENT) == 403);
    }

    @Test
    void whatIsSettledCannotBeChangedByALatePut() throws Exception {
        SignedPut put = direct().signPut("sources/d", "video/mp4", OptionalLong.empty(), Optional.empty(), HOUR);
        assertThat(send("PUT", put.url(), put.headers(), CONTENT)).isEqualTo(200);
        assertThat(direct().settle("sources/d")).isPresent();

        int status = send("PUT", put.url(), put.headers(), "something else".getBytes(UTF_8));

        assertThat(status).isEqualTo(lateStatus());
        assertThat(direct().settle("sources/d").map(ObjectStore.ObjectInfo::size))
                .contains((long) CONTENT.length);
        assertThat(read("sources/d")).isEqualTo(CONTENT);
        store().deletePrefix("sources/d");
        assertThat(direct().settle("sources/d")).isEmpty();
    }

    /** What a PUT after settling may be answered. */
    protected abstract int lateStatus();

    @Test
    void notificationsLeadBackToTheKey() {
        SignedPut put = direct().signPut("sources/e", "video/mp4", OptionalLong.empty(), Optional.empty(), HOUR);
        String[] path = put.url().getPath().split("/", 3);

        assertThat(direct().keyOfNotification(path[1], path[2])).contains("sources/e");
        assertThat(direct().keyOfNotification("another", path[2])).isEmpty();
    }

    @Test
    void aSignedUrlReadsARange() throws Exception {
        SignedPut put = direct().signPut("sources/f", "video/mp4", OptionalLong.empty(), Optional.empty(), HOUR);
        send("PUT", put.url(), put.headers(), CONTENT);
        direct().settle("sources/f");
        HttpRequest request = HttpRequest.newBuilder(direct().signGet("sources/f", HOUR))
                .header("Range", "bytes=4-8")
                .build();

        HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("bytes");
    }

    private byte[] read(String key) throws IOException {
        try (SeekableByteChannel channel = store().open(key).orElseThrow()) {
            return Channels.newInputStream(channel).readAllBytes();
        }
    }

    private static int send(String method, URI url, Map<String, String> headers, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    private static Optional<byte[]> sha256() throws Exception {
        return Optional.of(MessageDigest.getInstance("SHA-256").digest(CONTENT));
    }
}
