package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import dev.claimcheck.e2e.UppyPage.Way;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Uppy, unchanged, in a real browser, from a page of another origin, over a line that stops and breaks. */
@ExtendWith(SharedInJvm.class)
class UppyIT {
    private static final int MB = 1_000_000;
    /** Three chunks of 8 MiB at most. */
    private static final int SIZE = 20 * MB;
    /** What headers, preflights and the bytes on the way when the line broke may add to a file. */
    private static final long OVERHEAD = MB;

    private static HttpServer pages;
    private static Server server;
    private static Chromium chromium;
    private static Line line;
    private BrowserContext context;

    @BeforeAll
    static void start(Chromium shared) {
        pages = UppyPage.serve();
        server = Server.start(Map.of(
                "CLAIMCHECK_CORS_ORIGINS", UppyPage.originOf(pages),
                "CLAIMCHECK_RETENTION_SOURCE", "keep",
                "CLAIMCHECK_UPLOAD_MAX_SIZE", "40MB"));
        line = Line.to(server.baseUri());
        chromium = shared;
    }

    @AfterAll
    static void stop() throws IOException {
        line.close();
        server.close();
        pages.stop(0);
    }

    @BeforeEach
    void openBrowser() {
        context = chromium.browser().newContext(new Browser.NewContextOptions());
    }

    @AfterEach
    void closeBrowser() {
        context.close();
        line.cut();
        line.repair();
    }

    @ParameterizedTest
    @EnumSource
    void aFileBecomesAVideo(Way way) throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(way);
        page.choose(clip);
        assertArrived(page.awaitJob(), clip);
    }

    @ParameterizedTest
    @EnumSource(names = {"TUS", "MULTIPART"})
    void aPauseKeepsWhatHasCome(Way way) throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(way);
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.choose(clip);
        line.awaitStop();
        page.call("pauseAll");
        page.awaitBroken(way == Way.TUS ? "PATCH" : "PUT");
        line.cut(); // Only now: before it hears of the pause, the browser itself might send the request once more.
        page.call("resumeAll");
        assertArrived(page.awaitJob(), clip);
        assertNothingSentTwice(page, way, before);
    }

    @Test
    void tusGoesOnByItselfWhenTheConnectionBreaks() throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(Way.TUS);
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.choose(clip);
        line.awaitStop();
        line.breakDown();
        page.awaitBroken("PATCH");
        line.repair();
        assertArrived(page.awaitJob(), clip);
        assertNothingSentTwice(page, Way.TUS, before);
    }

    /** A browser sends a request again by itself when a connection that it kept breaks: what comes at an old offset is refused, and tus asks for the new one. */
    @Test
    void tusGoesOnWhenTheBrowserItselfRepeatsARequest() throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(Way.TUS);
        line.stopAfter(SIZE / 2);
        page.choose(clip);
        line.awaitStop();
        line.cut();
        assertArrived(page.awaitJob(), clip);
        assertThat(page.requests("POST")).as(page::story).hasSize(1);
    }

    /** aws-s3 tries a part again three times; then its user does. */
    @ParameterizedTest
    @EnumSource(names = {"TUS", "MULTIPART"})
    void theUploadGoesOnWhenTheNetworkIsBack(Way way) throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(way);
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.choose(clip);
        line.awaitStop();
        context.setOffline(true);
        page.page().waitForFunction("() => !navigator.onLine");
        line.breakDown();
        page.awaitBroken(way == Way.TUS ? "PATCH" : "PUT");
        if (way == Way.MULTIPART) {
            assertThat(page.awaitFailure()).contains("Network error");
            page.page().evaluate("() => { window.told.failures = []; }");
        }
        line.repair();
        context.setOffline(false);
        if (way == Way.MULTIPART) {
            page.call("retryAll");
        }
        assertArrived(page.awaitJob(), clip);
        assertNothingSentTwice(page, way, before);
    }

    @Test
    void tusGoesOnAfterAReloadWhenTheSameFileIsChosenAgain() throws Exception {
        Path clip = clip(SIZE);
        UppyPage page = open(Way.TUS);
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.choose(clip);
        line.awaitStop();
        page.reload();
        line.cut();
        page.choose(clip);
        assertArrived(page.awaitJob(), clip);
        assertNothingSentTwice(page, Way.TUS, before);
        assertThat(page.requests("POST")).as("one upload was opened").hasSize(1);
        assertThat((Integer) page.page().evaluate("() => localStorage.length"))
                .as("what Uppy remembers of finished uploads")
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"TUS", "MULTIPART"})
    void aCancelledUploadLeavesNothing(Way way) throws Exception {
        List<Path> stored = stored();
        UppyPage page = open(way);
        line.stopAfter(SIZE / 2);
        page.choose(clip(SIZE));
        line.awaitStop();
        assertThat(stored()).as("the upload is under way").hasSizeGreaterThan(stored.size());
        line.cut();
        page.call("cancelAll");
        await("the bytes are gone").untilAsserted(() -> assertThat(stored()).isEqualTo(stored));
        assertThat(page.requests("DELETE")).hasSize(1);
        URI upload = URI.create(page.requests("DELETE").getFirst().url());
        Api api = server.api();
        assertThat(
                        way == Way.TUS
                                ? new Tus(api).head(upload.getPath()).status()
                                : api.get(upload.getPath()).status())
                .isEqualTo(404);
    }

    /** The bytes go to a URL that is a right by itself: a page may get it from a server of its own and never see a key. */
    @Test
    void theSignedPutNeedsNoKey() throws Exception {
        UppyPage page = open(Way.PRESIGNED);
        page.choose(clip(2 * MB));
        page.awaitJob();
        assertThat(page.requests("PUT")).hasSize(1);
        assertThat(page.requests("PUT").getFirst().allHeaders()).doesNotContainKey("authorization");
    }

    @Test
    void aBrowserAsksOnceForAllChunksOfAnUpload() throws Exception {
        UppyPage page = open(Way.MULTIPART);
        page.choose(clip(SIZE));
        page.awaitJob();
        assertThat(page.requests("PUT")).hasSize(3);
        assertThat(page.requests("POST")).as("create and complete").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "TUS, The largest file accepted here is 40000000 bytes",
        "PRESIGNED, The largest file accepted here is 40000000 bytes",
        "MULTIPART, S3 returned 413",
    })
    void whatIsRefusedIsSaid(Way way, String words) throws Exception {
        UppyPage page = open(way);
        page.choose(clip(41 * MB));
        assertThat(page.awaitFailure()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /videos/jobs, '', 401, unauthorized",
        "GET, /videos/jobs/00000000-0000-7000-8000-000000000000/status, KEY, 404, not_found",
        "PATCH, /videos/tus/00000000-0000-4000-8000-000000000000, KEY, 404, upload_not_found",
        "PUT, /videos/presigned/none, '', 403, signature_mismatch",
        "DELETE, /videos/upload-url, KEY, 405, method_not_allowed",
        "GET, /media/none/00000000-0000-7000-8000-000000000000/poster.jpg, '', 403, link_expired",
    })
    void aPageCanReadEveryProblem(String method, String path, String key, int status, String code) {
        Page page = open(Way.TUS).page();
        Object problem = page.evaluate(
                """
                async ([url, method, key, tus]) => {
                  const headers = key === "" ? {} : { Authorization: `Bearer ${key}` };
                  if (tus) Object.assign(headers, { "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" });
                  const response = await fetch(url, { method, headers, ...(method === "PUT" || tus ? { body: "bytes" } : {}) });
                  const { code, detail } = await response.json();
                  return `${response.status} ${code} ${detail.length > 0}`;
                }""",
                List.of(
                        line.address() + path,
                        method,
                        key.equals("KEY") ? server.api().key() : "",
                        method.equals("PATCH")));
        assertThat(problem).isEqualTo(status + " " + code + " true");
    }

    @Test
    void aPageOfAnOriginThatIsNotListedIsRefusedByTheBrowser() throws Exception {
        HttpServer others = UppyPage.serve();
        try {
            UppyPage page = UppyPage.open(
                    context,
                    UppyPage.originOf(others),
                    Way.PRESIGNED,
                    line.address(),
                    server.api().key());
            page.choose(clip(MB));
            assertThat(page.awaitFailure()).contains("Failed to fetch");
        } finally {
            others.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDocumentationShowsWhatRunsHere(Way way) throws IOException {
        Path root = Server.repositoryRoot();
        String module = Files.readString(
                root.resolve("cli/src/test/uppy/src/" + way.name().toLowerCase(java.util.Locale.ROOT) + ".js"));
        assertThat(Files.readString(root.resolve("docs/uploads-browser.md"))).contains("```js\n" + module + "```");
    }

    private UppyPage open(Way way) {
        return UppyPage.open(
                context,
                UppyPage.originOf(pages),
                way,
                line.address(),
                server.api().key());
    }

    private static Path clip(long size) throws IOException {
        return Clip.padded(Clip.mp4(1, "320x180"), size);
    }

    private static void assertArrived(String job, Path file) throws Exception {
        JsonNode status = server.api().awaitCompleted(job);
        assertThat(status.path("video_url").asString("")).isNotEmpty();
        JsonNode whole = server.api().get("/videos/jobs/" + job).body();
        assertThat(whole.path("size").asLong()).isEqualTo(Files.size(file));
        assertThat(whole.path("filename").asString(""))
                .isEqualTo(file.getFileName().toString());
        Path source = server.data().resolve("objects/sources/" + job);
        assertThat(sha256(source)).isEqualTo(sha256(file));
    }

    /** tus goes on at the byte; a multipart upload sends again at most the part that was under way. */
    private static void assertNothingSentTwice(UppyPage page, Way way, long before) {
        long again = way == Way.MULTIPART ? 8 << 20 : 0;
        assertThat(line.sent() - before).as(page::story).isBetween((long) SIZE, SIZE + again + OVERHEAD);
    }

    /** Files of uploads, finished or not. */
    private static List<Path> stored() {
        return new Stored(server)
                .below("objects").stream()
                        .filter(file -> file.toString().matches(".*/(\\.partial|sources|\\.incoming)/.*"))
                        .sorted()
                        .toList();
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
