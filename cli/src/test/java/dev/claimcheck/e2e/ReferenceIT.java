package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page at /docs in a real browser, at desk and on a phone, under the service's own Content-Security-Policy. */
@ExtendWith(SharedInJvm.class)
class ReferenceIT {
    private static final Path IMAGES = ConsolePage.PICTURES;

    private static Server server;
    private static Chromium chromium;

    private final List<String> complaints = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    @BeforeAll
    static void open(Chromium shared) {
        server = Server.start(Map.of());
        chromium = shared;
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void showsEveryOperationAndAnswersWithTheReadersKey() {
        try (BrowserContext context = context(1280, 900)) {
            Page page = reference(context);

            assertThat(page.locator("#contents a").count())
                    .isEqualTo(page.locator(".opblock:not(.webhooks .opblock)").count())
                    .isEqualTo(ApiDocument.read().operations().size());
            page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("reference-desktop.png")));

            page.locator("#filter").fill("list jobs");
            assertThat(page.locator("#contents a:visible").allInnerTexts()).hasSize(1);
            page.locator("#contents a:visible").click();
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Authorize").setExact(true))
                    .first()
                    .click();
            page.locator(".auth-container input").fill(server.api().key());
            page.locator(".auth-container button.authorize").click();
            page.locator(".btn-done").click();
            Locator jobs = page.locator("#operations-Jobs-listJobs");
            jobs.locator(".try-out__btn").click();
            jobs.locator(".execute").click();
            Locator live = jobs.locator(".live-responses-table");
            ConsolePage.awaitWords(live, "200", "next_cursor");
            assertThat(page.url()).doesNotContain(server.api().key());
        }
        assertQuiet();
    }

    @Test
    void whatACacheHasIsNotSentAgain() {
        Api api = server.api();
        Matcher script = Pattern.compile("/assets/[^\"]+\\.js")
                .matcher(api.get("/").response().body());
        assertThat(script.find()).isTrue();
        List<String> paths =
                List.of("/", "/jobs", "/index.html", script.group(), "/docs", "/docs/reference.js", "/openapi.json");
        assertThat(paths).allSatisfy(path -> {
            String etag = api.get(path).header("ETag");
            Api.Answer again = api.send(
                    api.request(path).header("If-None-Match", etag).GET().build());
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.response().body()).isEmpty();
        });
    }

    @Test
    void fitsAPhone() {
        try (BrowserContext context = context(390, 844)) {
            Page page = reference(context);
            page.locator(".contents summary").click();
            page.locator("#contents a", new Page.LocatorOptions().setHasText("Follow a job"))
                    .click();
            Locator operation = page.locator("#operations-Jobs-getJobStatus");
            operation.locator(".opblock-body").waitFor();

            assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
            assertThat(operation.boundingBox().y).as("it is what one sees").isBetween(0.0, 400.0);
            page.screenshot(new Page.ScreenshotOptions().setPath(IMAGES.resolve("reference-phone.png")));
        }
        assertQuiet();
    }

    private static BrowserContext context(int width, int height) {
        return chromium.browser().newContext(new Browser.NewContextOptions().setViewportSize(width, height));
    }

    private Page reference(BrowserContext context) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.onRequest(request -> asked.add(request.url()));
        page.navigate(server.baseUri() + "/docs");
        page.locator(".opblock").first().waitFor();
        page.locator("#contents a")
                .first()
                .waitFor(new Locator.WaitForOptions()
                        .setState(com.microsoft.playwright.options.WaitForSelectorState.ATTACHED));
        return page;
    }

    private void assertQuiet() {
        assertThat(complaints).as("nothing that the policy forbids").isEmpty();
        assertThat(asked)
                .as("nothing comes from elsewhere")
                .allMatch(url -> url.startsWith("data:")
                        || URI.create(url).getPort() == server.baseUri().getPort());
    }
}
