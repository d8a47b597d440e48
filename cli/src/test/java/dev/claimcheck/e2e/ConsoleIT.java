package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, at desk and on a phone; the pictures it takes are those of the documentation. */
class ConsoleIT {
    private static final Path IMAGES = Server.repositoryRoot().resolve("docs/images");
    private static Server server;
    private static final int SIZE = 20_000_000;
    private static Chromium chromium;
    private static Line line;

    @BeforeAll
    static void open() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "30MB"));
        line = Line.to(server.baseUri());
        chromium = Chromium.launch();
    }

    @AfterAll
    static void close() throws IOException {
        chromium.close();
        line.close();
        server.close();
    }

    @Test
    void dropsAFileSeesItWorkAndWatchesIt() {
        Page page = page(1440, 900, ColorScheme.LIGHT);
        List<String> complaints = complaints(page);
        signIn(page);
        page.locator("#files").setInputFiles(named(Clip.mp4(20, "1280x720"), "Summer holiday.mp4"));

        Locator ticket = page.locator("article[data-status=IN_PROGRESS]").first();
        ticket.waitFor();
        assertThat(ticket.locator("progress").count()).isEqualTo(1);
        page.waitForFunction(
                "() => Number(document.querySelector('article[data-status=IN_PROGRESS] progress').value) > 10");
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("home-desktop.png")));
        page.locator("article[data-status=COMPLETED]").first().waitFor(new Locator.WaitForOptions().setTimeout(60_000));
        page.locator("article[data-status=COMPLETED] a.name").first().click();
        page.waitForFunction("() => { const v = document.querySelector('video'); return v && v.readyState >= 2; }");
        page.evaluate("() => { const v = document.querySelector('video'); v.muted = true; return v.play(); }");
        page.waitForFunction("() => document.querySelector('video').currentTime > 1");
        assertThat((Integer) page.evaluate("() => document.querySelector('video').videoWidth"))
                .isPositive();
        page.evaluate("() => document.querySelector('video').pause()");
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("job-desktop.png")));
        assertThat(complaints).isEmpty();
    }

    @Test
    void anUploadGoesOnWhenTheNetworkIsBack() {
        Page page = page(1440, 900, ColorScheme.LIGHT);
        signIn(page, line.address());
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.locator("#files").setInputFiles(big("Birthday, uncut.mp4"));
        line.awaitStop();
        line.breakDown();
        page.locator("article[data-phase=away]").waitFor();
        assertThat(page.locator("article[data-phase=away] .happening").textContent())
                .contains("The connection broke off.", "goes on by itself");
        line.repair();
        ready(page, "Birthday, uncut.mp4");
        // Half had been sent when it broke; of that only what was still under way, in buffers on the path, is sent
        // again.
        assertThat(line.sent() - before).as("nothing is sent twice").isBetween((long) SIZE, SIZE + SIZE * 3L / 10);
    }

    @Test
    void anUploadGoesOnAfterTheSameFileIsChosenAgain() throws IOException {
        Page page = page(390, 844, ColorScheme.LIGHT);
        Path file = big("holiday.mp4");
        signIn(page, line.address());
        long before = line.sent();
        line.stopAfter(SIZE / 2);
        page.locator("#files").setInputFiles(file);
        line.awaitStop();
        page.waitForFunction("() => document.querySelector('article[data-phase=sending] progress').value > 30");
        page.navigate("about:blank"); // As a reload, with the line still standing still.
        line.cut();
        page.navigate(line.address().toString());

        Locator ticket = page.locator("article[data-status=INTERRUPTED]");
        ticket.waitFor();
        assertThat(ticket.locator(".happening").textContent())
                .matches("About [3-9]\\d % of 20 MB is there until tomorrow .*Choose the file again to go on.");
        assertThat(tickets(page, "section[aria-label=Videos] article", "holiday.mp4")
                        .count())
                .as("one ticket for one file")
                .isZero();
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("upload-again-phone.png")));
        goOn(page, named(Clip.mp4(1, "320x180"), "another.mp4"));
        assertThat(ticket.locator("[role=alert]").textContent()).contains("That is another.mp4. Choose holiday.mp4");
        goOn(page, file);
        ready(page, "holiday.mp4");
        // Half had been sent when it broke; of that only what was still under way, in buffers on the path, is sent
        // again.
        assertThat(line.sent() - before).as("nothing is sent twice").isBetween((long) SIZE, SIZE + SIZE * 3L / 10);
        assertThat((Integer) page.evaluate(
                        "() => Object.keys(localStorage).filter(key => key.startsWith('claimcheck.upload.')).length"))
                .isZero();
    }

    @Test
    void threeFilesGoAtOnceAndEachCanBeHeldOrCalledOff() throws IOException {
        Page page = page(1440, 900, ColorScheme.DARK);
        signIn(page, line.address());
        line.stopAfter(SIZE);
        page.locator("#files").setInputFiles(new Path[] {
            big("Wedding, first dance.mp4"),
            big("Drone over the lake.mp4"),
            big("Keynote, rehearsal with a rather long name that has to be cut somewhere.mp4"),
            big("Grandma's 90th.mp4"),
            named(Clip.bytes("empty", new byte[0]), "Nothing in it.mp4"),
            named(Clip.bytes("huge", new byte[31_000_000]), "Too large.mp4"),
            named(Clip.bytes("picture", new byte[10]), "Poster.png"),
        });
        line.awaitStop();
        assertThat(page.locator("article[data-status=SENDING]").count()).isEqualTo(3);
        assertThat(page.locator("article[data-phase=waiting]").textContent()).contains("Grandma's 90th.mp4", "In line");
        assertThat(page.locator("article[data-phase=failed]").allTextContents())
                .satisfiesExactly(
                        one -> assertThat(one).contains("Nothing in it.mp4", "The file is empty"),
                        one -> assertThat(one).contains("Too large.mp4", "31 MB; the largest accepted here is 30 MB"),
                        one -> assertThat(one).contains("Poster.png", "a picture, not a video"));
        page.getByLabel("Pause Drone over the lake.mp4").click();
        page.locator("article[data-phase=paused]").waitFor();
        page.locator("article[data-phase=waiting]")
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        org.awaitility.Awaitility.await("speed and time left are shown")
                .pollInterval(java.time.Duration.ofMillis(50))
                .until(() -> {
                    line.allow(50_000);
                    return speeds(page) > 0;
                });
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("uploads-desktop.png")));
        page.setViewportSize(390, 844);
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .as("nothing is wider than the phone")
                .isLessThanOrEqualTo(390);
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("uploads-phone.png")));

        line.cut();
        page.getByLabel("Cancel Grandma's 90th.mp4").click();
        page.getByLabel("Go on with Drone over the lake.mp4").click();
        ready(page, "Wedding, first dance.mp4");
        ready(page, "Drone over the lake.mp4");
        page.locator("article[data-status=SENDING]")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        assertThat(tickets(page, "section[aria-label=Uploads] article", "Grandma's 90th.mp4")
                        .count())
                .isZero();
        org.awaitility.Awaitility.await("the bytes of the upload that was called off are gone")
                .until(() -> filesIn(server.data().resolve("objects/.partial")) == 0);
    }

    @Test
    void thePageIsSmallEnoughToOpenAtOnce() {
        Page page = page(1440, 900, ColorScheme.LIGHT);
        List<byte[]> loaded = new ArrayList<>();
        page.onResponse(response -> loaded.add(response.body()));
        signIn(page);
        assertThat(loaded.stream().mapToLong(ConsoleIT::gzipped).sum()).isBetween(50_000L, 300_000L);
    }

    @Test
    void saysWhyAFileFailedOnAPhoneInTheDark() {
        Page page = page(390, 844, ColorScheme.DARK);
        signIn(page);
        String name = "<img src=x onerror=alert(1)> " + "long ".repeat(40) + ".mp4";
        page.locator("#files")
                .setInputFiles(named(
                        Clip.bytes("t.mp4", "no video at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        name));

        page.locator("article[data-status=FAILED]").first().waitFor(new Locator.WaitForOptions().setTimeout(30_000));
        page.locator("article[data-status=FAILED] a.name").first().click();
        page.getByRole(com.microsoft.playwright.options.AriaRole.ALERT).waitFor();
        assertThat(page.locator(".failure strong").textContent()).contains("not a video");
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .as("nothing is wider than the phone")
                .isLessThanOrEqualTo(390);
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("failed-phone.png")));
    }

    @Test
    void theCommandLineShowsBothBars() {
        List<String> lines = CliIT.terminalSession(Clip.mp4(12, "1280x720"), server);
        Page page = page(940, 150, ColorScheme.DARK);
        page.setContent(
                "<body style='margin:0;background:#14161c'><pre style='margin:0;padding:24px;color:#e6e8ee;font:14px/1.8 monospace'></pre>");
        page.locator("pre").evaluate("(element, text) => { element.textContent = text; }", String.join("\n", lines));
        page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("cli-progress.png")));
    }

    @Test
    void aOneClickLinkWorksOnce() {
        String token = server.api().post("/access/console-links").text("token");
        Page first = page(1440, 900, ColorScheme.LIGHT);
        first.navigate(server.baseUri() + "/#token=" + token);
        first.locator(".drop").waitFor();
        assertThat(first.url()).doesNotContain(token);

        Page second = page(1440, 900, ColorScheme.LIGHT);
        second.navigate(server.baseUri() + "/#token=" + token);
        second.getByRole(com.microsoft.playwright.options.AriaRole.ALERT).waitFor();
        assertThat(second.getByRole(com.microsoft.playwright.options.AriaRole.ALERT)
                        .textContent())
                .contains("used before");
    }

    private static Page page(int width, int height, ColorScheme scheme) {
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme));
        return context.newPage();
    }

    /** A clip that is quick to process and long to upload. */
    private static Path big(String name) {
        return named(Clip.padded(Clip.mp4(1, "640x360"), SIZE), name);
    }

    private static void goOn(Page page, Path file) {
        page.waitForFileChooser(() -> page.locator("button:has-text('Go on')").click())
                .setFiles(file);
    }

    /** Waits until the file is a video. */
    private static void ready(Page page, String name) {
        tickets(page, "article[data-status=COMPLETED]", name).waitFor(new Locator.WaitForOptions().setTimeout(60_000));
    }

    private static int speeds(Page page) {
        return page.locator("article[data-phase=sending] .happening")
                .filter(new Locator.FilterOptions().setHasText(java.util.regex.Pattern.compile("/s · .* left")))
                .count();
    }

    /** The tickets of exactly that name. */
    private static Locator tickets(Page page, String selector, String name) {
        return page.locator(selector)
                .filter(new Locator.FilterOptions().setHas(page.locator(".name[title=\"" + name + "\"]")));
    }

    private static long filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
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

    private static void signIn(Page page) {
        signIn(page, server.baseUri());
    }

    private static void signIn(Page page, URI address) {
        page.navigate(address.toString());
        page.locator("#key").fill(server.api().key());
        page.locator("button[type=submit]").click();
        page.locator(".drop").waitFor();
    }

    /** What the browser complains about: scripts that fail, anything that the content security policy refuses. */
    private static List<String> complaints(Page page) {
        List<String> complaints = new ArrayList<>();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        return complaints;
    }

    private static Path named(Path file, String name) {
        try {
            Path folder = Files.createTempDirectory(Clip.WORK, "named");
            return Files.move(file, folder.resolve(name.replace("/", "")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
