package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Uploads without a transfer, through the packaged program. */
class InstantIT {
    private static Server server;
    private static Api api;
    private static byte[] clip;
    private static String job;

    @BeforeAll
    static void aVideoWasUploadedBefore() throws IOException {
        server = Server.start(Map.of());
        api = server.api();
        var file = Clip.mp4(2, "640x360");
        clip = Files.readAllBytes(file);
        job = api.upload(file, "instant.mp4").text("job_id");
        api.awaitCompleted(job);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void whoHasTheFileNeedNotSendIt() {
        Api.Answer asked = ask(api, clip.length, Bytes.sha256Hex(clip), "instant.mp4");
        assertThat(asked.status()).as(asked.body()::toString).isEqualTo(200);

        Api.Answer proven = prove(api, asked, answer(asked));

        assertThat(proven.status()).as(proven.body()::toString).isEqualTo(200);
        assertThat(proven.text("job_id")).isEqualTo(job);
        assertThat(proven.text("message")).isEqualTo("File already uploaded");
        assertProblem(prove(api, asked, answer(asked)), 404, "upload_not_found");
    }

    @Test
    void theHashAloneOpensNothing() {
        Api.Answer asked = ask(api, clip.length, Bytes.sha256Hex(clip), "instant.mp4");

        assertProblem(prove(api, asked, Bytes.sha256Hex(clip)), 403, "challenge_failed");

        assertProblem(prove(api, asked, answer(asked)), 404, "upload_not_found");
    }

    @Test
    void whatOneHasHeardTheAnswerOfIsNotAskedAgain() {
        Set<JsonNode> questions = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            Api.Answer asked = ask(api, clip.length, Bytes.sha256Hex(clip), "instant.mp4");
            assertThat(questions.add(asked.body().path("ranges"))).isTrue();
            assertThat(prove(api, asked, answer(asked)).status()).isEqualTo(200);
        }
        for (JsonNode question : questions) {
            assertThat(question.valueStream()
                            .mapToInt(range -> range.path("length").asInt())
                            .sum())
                    .as("bytes asked for")
                    .isGreaterThanOrEqualTo(64 << 10);
        }
    }

    @Test
    void toAnotherOwnerTheFileIsAsUnknownAsAnyOther() {
        Api other = api.asOwner("eve");

        Api.Answer known = ask(other, clip.length, Bytes.sha256Hex(clip), "instant.mp4");
        Api.Answer unknown = ask(other, clip.length, Bytes.sha256Hex(new byte[1]), "instant.mp4");

        assertProblem(known, 404, "not_known");
        assertThat(known.body()).isEqualTo(unknown.body());
        Api.Answer mine = ask(api, clip.length, Bytes.sha256Hex(clip), "instant.mp4");
        assertProblem(prove(other, mine, answer(mine)), 404, "upload_not_found");
        assertThat(prove(api, mine, answer(mine)).status())
                .as("its owner still may")
                .isEqualTo(200);
    }

    @Test
    void anotherNameOrSizeIsAnotherFile() {
        assertProblem(ask(api, clip.length, Bytes.sha256Hex(clip), "renamed.mp4"), 404, "not_known");
        assertProblem(ask(api, clip.length + 1, Bytes.sha256Hex(clip), "instant.mp4"), 404, "not_known");
    }

    @Test
    void questionsRunOutAndComeBackWhenTheFileIsSent() throws IOException {
        var file = Clip.mp4(1, "320x180");
        byte[] bytes = Files.readAllBytes(file);
        String first = api.upload(file, "asked.mp4").text("job_id");
        api.awaitCompleted(first);
        int asked = 0;
        while (ask(api, bytes.length, Bytes.sha256Hex(bytes), "asked.mp4").status() == 200) {
            assertThat(++asked).isLessThan(100);
        }
        assertThat(asked).isGreaterThan(5);

        Chunked again = Chunked.start(api, bytes, bytes.length, "asked.mp4");
        again.put(1);

        await().until(() -> api.status(again.job()).path("job_id").asString().equals(first));
        assertThat(ask(api, bytes.length, Bytes.sha256Hex(bytes), "asked.mp4").status())
                .isEqualTo(200);
    }

    @Test
    void aJobThatIsGoneCannotBeProven() throws IOException {
        var file = Clip.mp4(1, "320x180");
        byte[] bytes = Files.readAllBytes(file);
        String gone = api.upload(file, "gone.mp4").text("job_id");
        api.awaitCompleted(gone);
        Api.Answer asked = ask(api, bytes.length, Bytes.sha256Hex(bytes), "gone.mp4");
        api.delete("/videos/jobs/" + gone);

        assertProblem(prove(api, asked, Bytes.sha256Hex(bytes)), 404, "upload_not_found");
        assertProblem(ask(api, bytes.length, Bytes.sha256Hex(bytes), "gone.mp4"), 404, "not_known");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"filename": "a.mp4", "size": 10}                       | 400 | invalid_request
            {"filename": "a.mp4", "sha256": "HASH"}                 | 400 | invalid_request
            {"filename": "a.mp4", "size": -1, "sha256": "HASH"}     | 400 | invalid_request
            {"filename": "a.mp4", "size": 10, "sha256": "zz"}       | 400 | invalid_checksum
            {"filename": "\\u0000", "size": 10, "sha256": "HASH"}   | 400 | invalid_filename
            {"filename": "a.mp4", "size": 10, "sha256": "HASH"}     | 404 | not_known
            nonsense                                                | 400 | invalid_json
            """)
    void aBadQuestionIsRefused(String json, int status, String code) {
        assertProblem(api.post("/videos/instant-upload", json.replace("HASH", "0".repeat(64))), status, code);
    }

    @Test
    void aBadProofIsRefused() {
        for (String id : new String[] {"no-id", "00000000-0000-0000-0000-000000000000"}) {
            assertProblem(
                    api.post("/videos/instant-upload/" + id, "{\"sha256\": \"" + "0".repeat(64) + "\"}"),
                    404,
                    "upload_not_found");
        }
    }

    private static Api.Answer ask(Api api, long size, String sha256, String filename) {
        return api.post(
                "/videos/instant-upload",
                "{\"filename\": \"%s\", \"size\": %d, \"sha256\": \"%s\"}".formatted(filename, size, sha256));
    }

    private static Api.Answer prove(Api api, Api.Answer asked, String sha256) {
        return api.post("/videos/instant-upload/" + asked.text("challenge_id"), "{\"sha256\": \"" + sha256 + "\"}");
    }

    private static String answer(Api.Answer asked) {
        byte[][] pieces = asked.body()
                .path("ranges")
                .valueStream()
                .map(range -> Arrays.copyOfRange(
                        clip,
                        range.path("offset").asInt(),
                        range.path("offset").asInt() + range.path("length").asInt()))
                .toArray(byte[][]::new);
        return Bytes.sha256Hex(pieces);
    }
}
