package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Another owner's upload does not exist, whatever one asks of it, and asking does it no harm. */
class OwnershipIT {
    private static Server server;
    private static Tus alice;
    private static Tus mallory;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of());
        alice = new Tus(server.api().asOwner("alice"));
        mallory = new Tus(server.api().asOwner("mallory"));
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void anotherOwnersUploadIsNotThere() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        String upload = alice.create(clip.length, "mine.mp4");
        alice.patch(upload, 0, Arrays.copyOf(clip, 1_000));
        List<Api.Answer> refused = List.of(
                mallory.head(upload),
                mallory.patch(upload, 1_000, new byte[100]),
                mallory.delete(upload),
                draft("HEAD", upload),
                draft("GET", upload),
                draft("PATCH", upload),
                draft("DELETE", upload));
        String unknown = "/videos/tus/00000000-0000-4000-8000-000000000000";

        assertThat(refused).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.response().headers().map().keySet().toString().toLowerCase(Locale.ROOT))
                    .doesNotContain("upload-", "claimcheck-");
        });
        assertThat(mallory.patch(upload, 0, new byte[1]).body().toString())
                .isEqualTo(mallory.patch(unknown, 0, new byte[1]).body().toString());
        assertThat(alice.offset(upload)).isEqualTo(1_000);
        Api.Answer last = alice.patch(upload, 1_000, Arrays.copyOfRange(clip, 1_000, clip.length));
        alice.api().awaitCompleted(last.header("Claimcheck-Job-Id"));
    }

    @Test
    void anotherOwnersRequestDoesNotEndTheOwnersOwn() throws Exception {
        String upload = alice.create(10_000, "running.mp4");
        try (RawRequest patch = RawRequest.open(alice.api())) {
            patch.patch(upload, 0, 10_000);
            patch.write(new byte[5_000]);
            assertThat(mallory.head(upload).status()).isEqualTo(404);
            assertThat(mallory.patch(upload, 5_000, new byte[1]).status()).isEqualTo(404);
            patch.write(new byte[5_000]);
            assertThat(patch.status()).isEqualTo(204);
        }
    }

    @Test
    void anotherOwnersPartCannotBeJoined() {
        String hers = alice.part(100);
        String own = mallory.part(100);
        alice.patch(hers, 0, new byte[100]);
        mallory.patch(own, 0, new byte[100]);

        Api.Answer joined = mallory.join(own, hers);

        assertThat(joined.status()).isEqualTo(404);
        assertThat(joined.text("code")).isEqualTo("upload_not_found");
        assertThat(alice.offset(hers)).isEqualTo(100);
        assertThat(mallory.offset(own)).isEqualTo(100);
        assertThat(mallory.api().get("/videos/jobs").body().path("jobs")).isEmpty();
    }

    @Test
    void withoutAKeyNothingIsDone() {
        String upload = alice.create(100, "keyless.mp4");
        Tus nobody = new Tus(server.api().withoutKey());
        assertThat(nobody.head(upload).status()).isEqualTo(401);
        assertThat(nobody.patch(upload, 0, new byte[1]).status()).isEqualTo(401);
        assertThat(nobody.head(upload).header("Tus-Resumable")).isEqualTo("1.0.0");
        assertThat(alice.offset(upload)).isZero();
    }

    private static Api.Answer draft(String method, String upload) {
        return mallory.api()
                .send(mallory.api()
                        .request(upload)
                        .header("Upload-Complete", "?0")
                        .header("Upload-Offset", "1000")
                        .header("Content-Type", "application/partial-upload")
                        .method(
                                method,
                                method.equals("PATCH")
                                        ? BodyPublishers.ofByteArray(new byte[100])
                                        : BodyPublishers.noBody())
                        .build());
    }
}
