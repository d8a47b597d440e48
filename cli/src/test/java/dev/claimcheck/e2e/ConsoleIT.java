package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page in a real browser, at desk and on a phone; the pictures it takes are those of the documentation. */
class ConsoleIT {
    private static final Path IMAGES = Server.repositoryRoot().resolve("docs/images");
    private static Server server;
    private static Chromium chromium;

    @BeforeAll
    static void open() {
        server = Server.start(Map.of());
        chromium = Chromium.launch();
    }

    @AfterAll
    static void close() {
        chromium.close();
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

    private static void signIn(Page page) {
        page.navigate(server.baseUri().toString());
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
