package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a file is declared to be, on every way in, before its first byte. */
class DeclaredTypeIT {
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_CONTENT_TYPES", "video/*, application/octet-stream"));
        api = server.api();
    }

    @AfterAll
    static void nothingWasKept() {
        try (Server closing = server) {
            assertThat(new Stored(closing).incoming()).isEmpty();
        }
    }

    /** A way in, for a file of the given type. */
    interface Way extends Function<String, Api.Answer> {}

    static Stream<Named<Way>> ways() {
        return Stream.of(
                way(
                        "raw",
                        type -> api.send(api.request("/videos/upload?filename=a.mp4")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofByteArray(Bytes.random(1_000)))
                                .build())),
                way("form", type -> form(type, "a.mp4")),
                way(
                        "presigned",
                        type -> api.post(
                                "/videos/upload-url",
                                "{\"filename\": \"a.mp4\", \"content_type\": \"%s\"}".formatted(type))),
                way(
                        "chunked",
                        type -> api.post(
                                "/videos/start-chunked-upload",
                                "{\"filename\": \"a.mp4\", \"total_size\": 10, \"content_type\": \"%s\"}"
                                        .formatted(type))),
                way(
                        "tus",
                        type -> api.send(new Tus(api)
                                .request("/videos/tus")
                                .header("Upload-Length", "10")
                                .header("Upload-Metadata", Tus.metadata(Map.of("filename", "a.mp4", "filetype", type)))
                                .POST(BodyPublishers.noBody())
                                .build())),
                way(
                        "draft",
                        type -> api.send(api.request("/videos/tus?filename=a.mp4")
                                .header("Upload-Complete", "?0")
                                .header("Content-Type", type)
                                .POST(BodyPublishers.ofByteArray(Bytes.random(10)))
                                .build())));
    }

    private static Named<Way> way(String name, Way way) {
        return Named.of(name, way);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void onlyTheListedTypesAreTaken(Way way) {
        for (String refused : new String[] {"text/html", "application/pdf", "video", "videos/mp4", "text/plain; a=b"}) {
            Api.Answer answer = way.apply(refused);
            assertProblem(answer, 415, "unsupported_media_type");
            assertThat(answer.text("detail")).contains("video/*, application/octet-stream");
        }
        for (String taken : new String[] {"video/mp4", "Video/MP4; codecs=\\\"avc1\\\"", "application/octet-stream"}) {
            Api.Answer answer = way.apply(taken.replace("\\\"", ""));
            assertThat(answer.status()).as(answer.body()::toString).isIn(201, 202);
        }
        assertThat(api.get("/videos/jobs?limit=200").body().toString()).doesNotContain("refused");
    }

    @Test
    void aFileThatDeclaresNothingCountsAsOctets() {
        assertThat(api.upload(Clip.bytes("a.mp4", Bytes.random(500)), "none.mp4")
                        .status())
                .isEqualTo(202);
        assertThat(form("", "none.mp4").status()).isEqualTo(202);
    }

    @Test
    void aBadNameInAFormIsRefusedBeforeItsFirstByte() {
        assertProblem(form("video/mp4", "a\0b.mp4"), 400, "invalid_multipart");
        assertProblem(form("video/mp4", "x".repeat(2_000)), 400, "invalid_filename");
        assertProblem(form("video/mp4", ".."), 400, "invalid_filename");
        assertThat(new Stored(server).incoming()).isEmpty();
    }

    @Test
    void aFormHasOneFile() {
        byte[] bytes = "bytes".getBytes(UTF_8);
        assertProblem(
                api.post(
                        "/videos/upload",
                        new Form().file("file", "a.mp4", bytes).file("file", "a.mp4", bytes)),
                400,
                "invalid_multipart");
        assertThat(new Stored(server).incoming()).isEmpty();
    }

    /** curl's default type for {@code --data-binary}. */
    @Test
    void byDefaultWhatCurlSendsIsTaken() {
        try (Server other = Server.start(Map.of())) {
            Cli.Ran curl = Cli.execute(List.of(
                            "curl",
                            "-sS",
                            "-o",
                            "/dev/null",
                            "-w",
                            "%{http_code}",
                            "-H",
                            "Authorization: Bearer " + other.api().key(),
                            "--data-binary",
                            "@" + Clip.bytes("c.mp4", Bytes.random(500)),
                            other.baseUri() + "/videos/upload?filename=curl.mp4"))
                    .await();
            assertThat(curl.out()).as(curl.err()).isEqualTo("202");
            assertProblem(
                    other.api()
                            .send(other.api()
                                    .request("/videos/upload?filename=a.mp4")
                                    .header("Content-Type", "text/plain")
                                    .POST(BodyPublishers.ofString("text"))
                                    .build()),
                    415,
                    "unsupported_media_type");
        }
    }

    private static Api.Answer form(String type, String filename) {
        return api.post("/videos/upload", new Form().file("file", filename, type, Bytes.random(300)));
    }
}
