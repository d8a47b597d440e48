package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests to open or fill uploads that cannot be: each is refused in words, and leaves nothing. */
class BadUploadRequestsIT {
    private static Server server;
    private static Api api;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB"));
        api = server.api();
        stored = new Stored(server);
    }

    @AfterAll
    static void stopTheProgram() {
        try (Server closing = server) {
            assertThat(closing.log()).doesNotContain("NullPointerException", "PSQLException");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"filename": "a.mp4", "size": -1}              | 400 | invalid_request
            {"filename": "a.mp4", "size": 1e3}             | 400 | invalid_request
            {"filename": "a.mp4", "size": 99999999999999999999} | 400 | invalid_request
            {"filename": "a.mp4", "size": 0}               | 400 | empty_file
            {"filename": "a.mp4", "size": 20000001}        | 413 | file_too_large
            {"filename": "a.mp4", "sha256": "abc"}         | 400 | invalid_checksum
            {"filename": "a.mp4", "content_type": "text/html"} | 415 | unsupported_media_type
            {"filename": "a.mp4", "content_type": "video"} | 415 | unsupported_media_type
            {"filename": "a.mp4", "content_type": "video/mp4\\r\\nX: y"} | 415 | unsupported_media_type
            {"filename": "a.mp4", "profile": "none"}       | 400 | unknown_profile
            {"filename": "a\\u0000.mp4"}                   | 400 | invalid_filename
            {"filename": "../.."}                          | 400 | invalid_filename
            {"filename": ["a.mp4"]}                        | 400 | invalid_request
            {}                                             | 400 | invalid_filename
            []                                             | 400 | invalid_json
            {"filename                                     | 400 | invalid_json
            """)
    void aBadRequestForAUrlIsRefused(String json, int status, String code) {
        assertProblem(api.post("/videos/upload-url", json), status, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                             | 400 | invalid_request
            {"job_id": "x", "file_key": "y"}               | 404 | not_found
            {"job_id": "01900000-0000-7000-8000-000000000000", "file_key": "sources/01900000-0000-7000-8000-000000000000"} | 404 | upload_not_found
            {"job_id": "01900000-0000-7000-8000-000000000000", "file_key": "a\\u0000b"} | 404 | upload_not_found
            {"job_id": "01900000-0000-7000-8000-000000000000", "file_key": "../../etc/passwd"} | 404 | upload_not_found
            """)
    void aBadCompletionIsRefused(String json, int status, String code) {
        assertProblem(api.post("/videos/upload-complete", json), status, code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "filename": "a.mp4"                                                 | 400 | invalid_request
            "filename": "a.mp4", "total_size": -5                               | 400 | invalid_request
            "filename": "a.mp4", "total_size": "1.5"                            | 400 | invalid_request
            "filename": "a.mp4", "total_size": 99999999999999999999             | 400 | invalid_request
            "filename": "a.mp4", "total_size": 0                                | 400 | empty_file
            "filename": "a.mp4", "total_size": 20000001                         | 413 | file_too_large
            "filename": "a.mp4", "total_size": 5497558138880, "chunk_size": 600000000 | 413 | file_too_large
            "filename": "a.mp4", "total_size": 1000, "chunk_size": 0            | 400 | empty_file
            "filename": "a.mp4", "total_size": 1000, "chunk_size": -1           | 400 | invalid_request
            "filename": "a.mp4", "total_size": 20000, "chunk_size": 1           | 400 | upload_not_possible
            "filename": "a.mp4", "total_size": 10, "sha256": 7                  | 400 | invalid_checksum
            "filename": "a.mp4", "total_size": 10, "content_type": "text/plain" | 415 | unsupported_media_type
            "filename": "a.mp4", "total_size": 10, "priority": "soon"           | 400 | invalid_request
            "filename": "a\\u0000.mp4", "total_size": 10                        | 400 | invalid_filename
            "filename": "..", "total_size": 10                                  | 400 | invalid_filename
            "total_size": 10                                                    | 400 | invalid_filename
            """)
    void aBadStartIsRefused(String members, int status, String code) {
        List<Path> before = stored.partial();

        assertProblem(api.post("/videos/start-chunked-upload", "{" + members + "}"), status, code);

        assertThat(before).containsAll(stored.partial());
    }

    @Test
    void aNameOfTenKilobytesIsRefusedAndAPathIsALabel() {
        assertProblem(Chunked.start(api, 10, 10, "x".repeat(10_000)), 400, "invalid_filename");
        assertThat(Chunked.start(api, 10, 10, "../../etc/passwd.mp4").text("filename"))
                .isEqualTo("passwd.mp4");
    }

    @Test
    void thereAreNoOtherChunksAndNoOtherUploads() {
        Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "numbers.mp4");
        String base = "/videos/upload-chunk/" + upload.id() + "/";
        for (String number : List.of("0", "-1", "one", "1.0", "99999999999999999999", "%00", "01")) {
            assertProblem(put(base + number), 400, "invalid_request");
        }
        for (String number : List.of("3", "10000", "10001", "99999")) {
            assertProblem(put(base + number), 400, "upload_not_possible");
        }
        for (String id : List.of("00000000-0000-0000-0000-000000000000", "no-id", "%2e%2e", "%00", "x".repeat(5_000))) {
            assertThat(put("/videos/upload-chunk/" + id + "/1").status()).as(id).isIn(400, 404);
            assertThat(api.get("/videos/chunked-uploads/" + id).status()).as(id).isIn(400, 404);
        }
    }

    private static Api.Answer put(String path) {
        return api.send(
                api.request(path).PUT(BodyPublishers.ofByteArray(new byte[10])).build());
    }
}
