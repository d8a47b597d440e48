package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.DESK_DARK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE_DARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What people do with the console, in a real browser: watch, find out why, mend, see whether the system is healthy. */
class ConsoleIT {
    /** A name that a browser, a shell and a right-to-left reader would all like to make something of. */
    private static final String HOSTILE =
            "<img src=x onerror=alert(1)>\" onload=alert(2) '--%00 مرحبا ${7*7} " + "long ".repeat(30) + ".mp4";

    private static final HeldFfmpeg FFMPEG = new HeldFfmpeg();
    private static Server server;
    private static Api api;
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        Map<String, String> environment = new HashMap<>(FFMPEG.environment());
        environment.put("CLAIMCHECK_MEDIA_NICE", "0");
        environment.put("CLAIMCHECK_RETRY_MAX_RETRIES", "0");
        server = Server.start(environment);
        api = server.api();
        chromium = Chromium.launch();
    }

    @AfterAll
    static void close() {
        FFMPEG.letGo();
        chromium.close();
        server.close();
    }

    @AfterEach
    void letEverythingGo() {
        FFMPEG.failOn("");
        FFMPEG.letGo();
    }

    @Test
    void aVideoIsWatchedWhileItIsBeingMadeAndItsMomentsAreSeenOnHover() {
        FFMPEG.holdOn(
                "*video-360p.mp4*video-240p.mp4*"); // All sizes at once: these are the chunks behind the first seconds.
        String job = api.upload(Clip.mp4(40, "640x360"), "Keynote.mp4").text("job_id");
        try (ConsolePage console = signedIn(DESK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            page.locator("[data-player] video").waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            page.evaluate("() => { document.querySelector('video').muted = true; }");
            page.getByLabel("Play", new Page.GetByLabelOptions().setExact(true)).click();
            page.waitForFunction("() => document.querySelector('video').currentTime > 1");
            await().atMost(Duration.ofSeconds(30)).until(FFMPEG::isHolding);
            assertThat(api.status(job).path("status").asString())
                    .as("while it plays")
                    .isEqualTo("IN_PROGRESS");
            assertThat(page.locator("[data-player]").textContent()).contains("Still being made");
            assertThat(page.locator("article[data-status=IN_PROGRESS] progress").count())
                    .isEqualTo(1);
            page.locator("[data-outcome=running]").first().waitFor();
            console.assertAccessible();
            page.locator("[data-player]").hover(); // Its bar hides while nobody moves.
            console.picture("job-processing-desktop.png");

            FFMPEG.letGo();
            page.locator("article[data-status=COMPLETED]").waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            page.evaluate("() => document.querySelector('video').pause()");
            page.waitForFunction(
                    "() => document.querySelector('video').duration > 39"); // The finished playlist is read.
            Locator bar = page.getByLabel("Place in the video");
            await("the storyboard is there").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                bar.hover(new Locator.HoverOptions().setPosition(bar.boundingBox().width / 2, 10));
                String picture = (String) page.locator("[data-preview] > div")
                        .evaluate("element => element.style.backgroundImage + ' ' + element.style.backgroundPosition");
                assertThat(picture).contains("/storyboard/001.jpg").contains("px");
            });
            assertThat(page.locator("[data-preview]").textContent()).matches("0:(19|20)");
            assertThat((Integer) page.evaluate("""
                    () => new Promise((resolve, reject) => {
                        const picture = new Image();
                        picture.onload = () => resolve(picture.naturalWidth);
                        picture.onerror = () => reject(new Error('no picture'));
                        picture.src = /url\\("(.*)"\\)/.exec(document.querySelector('[data-preview] > div').style.backgroundImage)[1];
                    })"""))
                    .as("the sheet is a picture")
                    .isGreaterThan(160);
            console.picture("job-desktop.png");
            // The keyboard does what the mouse does.
            bar.focus();
            page.keyboard().press("End");
            page.waitForFunction("() => document.querySelector('video').currentTime > 38");
            page.keyboard().press("ArrowLeft");
            page.waitForFunction("() => document.querySelector('video').currentTime < 36");
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void aStepThatFailedIsUnderstoodAndDoneAgain() {
        FFMPEG.failOn("*libx264*");
        String job = api.upload(Clip.mp4(2, "640x360"), "Torn tape.mp4").text("job_id");
        try (ConsolePage console = signedIn(DESK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            page.locator("article[data-status=FAILED]").waitFor(new Locator.WaitForOptions().setTimeout(30_000));
            Locator panel = page.locator("aside[aria-label^='Step transcode']");
            panel.waitFor(); // The step that failed is chosen already.
            assertThat(panel.textContent()).contains("frame 17 is torn", "Attempt 1", "Failed");
            console.picture("failed-desktop.png");
            FFMPEG.failOn("");
            panel.getByText("Retry this step").click();
            page.locator("article[data-status=COMPLETED]").waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            page.locator("[data-step^=transcode]").first().click();
            page.locator("section[aria-label='Attempt 2']").first().waitFor();
            assertThat(panel.textContent()).contains("Attempt 1", "Attempt 2", "Done");
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void anOptionalStepIsDoneAgainAlone() {
        FFMPEG.failOn("*poster*");
        String job = api.upload(Clip.mp4(2, "320x180"), "Without a poster.mp4").text("job_id");
        assertThat(api.awaitEnd(job).path("warnings").isEmpty()).isFalse();
        FFMPEG.failOn("");
        try (ConsolePage console = signedIn(PHONE_DARK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            page.locator("[data-step=thumbnail][data-status=FAILED]").click();
            page.getByText("Retry this step").click();
            page.locator("[data-step=thumbnail][data-status=SUCCEEDED]")
                    .waitFor(new Locator.WaitForOptions().setTimeout(30_000));
            page.locator("article[data-job] img").waitFor();
            console.assertFits();
        }
    }

    @Test
    void aWorkerDiesAndThePageSeesItRecover() {
        FFMPEG.holdOn("*libx264*");
        String job = api.upload(Clip.mp4(2, "320x180"), "Survivor.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(30)).until(FFMPEG::isHolding);
        try (ConsolePage console = signedIn(DESK_DARK)) {
            console.open("/operations");
            Page page = console.page();
            page.getByText("Survivor.mp4").first().waitFor();
            console.open("/jobs/" + job);
            page.locator("[data-step^=transcode][data-status=RUNNING]").first().waitFor();
            server.killJvm();
            page.getByText("The service cannot be reached").first().waitFor();
            server.restart();
            // Nobody reloads: the page finds its way back, and the attempt that was lost is told as that.
            page.locator("[data-step^=transcode] [data-outcome=lease_expired]")
                    .first()
                    .waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            FFMPEG.letGo();
            page.locator("article[data-status=COMPLETED]").waitFor(new Locator.WaitForOptions().setTimeout(60_000));
            assertThat(page.locator("[data-step^=transcode] [data-outcome=succeeded]")
                            .count())
                    .isPositive();
            page.getByText("The service cannot be reached")
                    .first()
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        }
    }

    @Test
    void hostileNamesAndErrorsAreTextEverywhere() {
        Path text = Clip.bytes("t.mp4", "no video at all".getBytes(StandardCharsets.UTF_8));
        String job = api.upload(text, HOSTILE).text("job_id");
        api.awaitEnd(job);
        String owner = "<b onclick=alert(3)>owner</b>";
        api.post("/access/keys", "{\"owner\": \"" + owner + "\", \"name\": \"<script>alert(4)</script>\"}");
        try (ConsolePage console = signedIn(PHONE_DARK)) {
            List<String> dialogs = new ArrayList<>();
            console.page().onDialog(dialog -> {
                dialogs.add(dialog.message());
                dialog.dismiss();
            });
            for (String path : List.of("/", "/jobs", "/jobs/" + job, "/operations", "/keys")) {
                console.open(path);
                console.page()
                        .getByText(path.equals("/keys") ? owner : "<img src=x")
                        .first()
                        .waitFor();
                assertThat(console.find("main img[src=x], main b[onclick], main script")
                                .count())
                        .as(path)
                        .isZero();
                console.assertFits();
            }
            console.open("/jobs/" + job);
            assertThat(console.find("[data-error]").textContent()).contains("not a video");
            console.picture("failed-phone.png");
            for (String tab : List.of("Metadata", "Events", "API", "JSON")) {
                console.page()
                        .getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab))
                        .click();
                console.settle();
                console.assertFits();
            }
            console.open("/jobs?q=" + Api.encode("<img src=x onerror=alert(5)>nothing"));
            console.page().getByText("Nothing is called").waitFor();
            assertThat(dialogs).isEmpty();
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void everyPageIsForEverybody() {
        String job = api.upload(Clip.mp4(2, "320x180"), "For everybody.mp4").text("job_id");
        api.awaitCompleted(job);
        for (ConsolePage.View view : ConsolePage.View.values()) {
            try (ConsolePage console = ConsolePage.blank(chromium, server.baseUri(), view)) {
                console.page().navigate(server.baseUri().toString());
                console.find("#key").waitFor();
                console.assertAccessible();
                console.assertFits();
            }
            try (ConsolePage console = signedIn(view)) {
                Map<String, String> pages = Map.of(
                        "/",
                        "upload",
                        "/jobs",
                        "jobs",
                        "/jobs/" + job,
                        "job",
                        "/operations",
                        "operations",
                        "/keys",
                        "keys");
                pages.forEach((path, name) -> {
                    console.open(path);
                    console.assertAccessible();
                    console.assertFits();
                    if (view == DESK || view == PHONE_DARK) {
                        console.picture(name + (view == DESK ? "-desk.png" : "-phone.png"));
                    }
                });
                assertThat(console.complaints()).isEmpty();
            }
        }
    }

    @Test
    void aJobIsFoundOpenedAndDeletedByTheKeyboard() {
        String job = api.upload(Clip.mp4(1, "320x180"), "Needle in the hay.mp4").text("job_id");
        api.awaitCompleted(job);
        try (ConsolePage console = signedIn(DESK)) {
            console.open("/jobs");
            Page page = console.page();
            page.getByLabel("Search by name or claim check").fill(job.substring(job.length() - 8));
            page.waitForURL(url -> url.contains("q="));
            page.locator("[role=row]").getByText("Needle in the hay.mp4").waitFor();
            assertThat(page.locator("[role=row]").count()).isEqualTo(1);
            page.getByRole(AriaRole.GRID).focus();
            page.keyboard().press("ArrowDown");
            page.keyboard().press("Enter");
            page.waitForURL("**/jobs/" + job);
            page.goBack();
            page.locator("[role=row]").getByText("Needle in the hay.mp4").waitFor();
            page.getByRole(AriaRole.GRID).focus();
            page.keyboard().press("ArrowDown");
            page.keyboard().press(" ");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Delete 1"))
                    .click();
            page.getByRole(AriaRole.DIALOG).waitFor();
            console.assertAccessible();
            page.getByText("Delete for good").click();
            page.getByText("One job was deleted.").waitFor();
            page.getByText("Nothing is called").waitFor();
            assertThat(api.get("/videos/jobs/" + job).status()).isEqualTo(404);
        }
    }

    @Test
    void theFirstLoadIsSmallAndBringsNoPlayer() {
        try (ConsolePage console = ConsolePage.blank(chromium, server.baseUri(), DESK)) {
            List<String> names = new ArrayList<>();
            List<byte[]> loaded = new ArrayList<>();
            console.page().onResponse(response -> {
                if (response.url().contains("/assets/") || response.url().endsWith("/")) {
                    names.add(response.url());
                    loaded.add(response.body());
                }
            });
            console.page().navigate(server.baseUri().toString());
            console.find("#key").fill(api.key());
            console.find("button[type=submit]").click();
            console.find("[data-drop] .uppy-Dashboard-AddFiles").waitFor();
            assertThat(loaded.stream().mapToLong(ConsoleIT::gzipped).sum())
                    .as(names::toString)
                    .isBetween(50_000L, 300_000L);
            assertThat(names).noneMatch(name -> name.contains("/hls-"));
        }
    }

    @Test
    void aOneClickLinkWorksOnceAndLeavesNoTrace() {
        String token = api.post("/access/console-links").text("token");
        try (ConsolePage first = ConsolePage.blank(chromium, server.baseUri(), DESK);
                ConsolePage second = ConsolePage.blank(chromium, server.baseUri(), DESK)) {
            first.page().navigate(server.baseUri() + "/#token=" + token);
            first.find("[data-drop]").waitFor();
            assertThat(first.page().url()).doesNotContain(token);
            assertThat((String) first.page().evaluate("() => JSON.stringify([localStorage, location.href])"))
                    .as("the key is this tab's alone")
                    .doesNotContain("claimcheck.key");

            second.page().navigate(server.baseUri() + "/#token=" + token);
            Locator alert = second.page().getByRole(AriaRole.ALERT);
            alert.waitFor();
            assertThat(alert.textContent()).contains("used before");
            second.find("#key").fill("not a key");
            second.find("button[type=submit]").click();
            second.page().getByText("Sign in to Claimcheck").waitFor();
            second.page().getByRole(AriaRole.ALERT).waitFor();
        }
    }

    @Test
    void theCommandLineShowsBothBars() {
        List<String> lines = CliIT.terminalSession(Clip.mp4(12, "1280x720"), server);
        try (ConsolePage terminal = ConsolePage.blank(chromium, server.baseUri(), DESK_DARK)) {
            terminal.page().setViewportSize(940, 150);
            terminal.page()
                    .setContent(
                            "<body style='margin:0;background:#14161c'><pre style='margin:0;padding:24px;color:#e6e8ee;font:14px/1.8 monospace'></pre>");
            terminal.find("pre")
                    .evaluate("(element, text) => { element.textContent = text; }", String.join("\n", lines));
            terminal.picture("cli-progress.png");
        }
    }

    private static ConsolePage signedIn(ConsolePage.View view) {
        return ConsolePage.signedIn(chromium, server.baseUri(), api.key(), view);
    }

    private static long gzipped(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.size();
    }
}
