package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.DESK_DARK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE_DARK;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every page of the console in a real browser, at every size and in both themes: for everybody, by the keyboard, quick to come. */
@ExtendWith(SharedInJvm.class)
class ConsolePagesIT {
    private final ConsoleHouse house;
    private final Api api;

    ConsolePagesIT(ConsoleHouse house) {
        this.house = house;
        this.api = house.api;
    }

    /** Over a line on which every answer takes its time, so that what is waited for is drawn first: nothing may move when it comes. */
    @Test
    void everyPageIsForEverybodyAndStandsStill() throws IOException {
        String job = api.upload(Clip.mp4(2, "320x180"), "For everybody.mp4").text("job_id");
        String failed = api.upload(
                        Clip.bytes("t.mp4", "no video at all".getBytes(StandardCharsets.UTF_8)), "For nobody.mp4")
                .text("job_id");
        try (Receiver receiver = new Receiver()) {
            String endpoint = api.post(
                            "/webhooks",
                            "{\"url\": \"" + receiver.url() + "\", \"description\": \"Web shop\", \"events\": [\"*\"]}")
                    .text("endpoint_id");
            api.post("/webhooks/" + endpoint + "/test");
            api.awaitCompleted(job);
            api.awaitEnd(failed);
            Map<String, String> pages = new LinkedHashMap<>();
            pages.put("/", "upload");
            pages.put("/jobs", "jobs");
            pages.put("/jobs/" + job, "job");
            pages.put("/jobs/" + failed, "failed");
            pages.put("/operations", "operations");
            pages.put("/hooks", "webhooks");
            pages.put("/hooks/" + endpoint, "webhook");
            pages.put("/keys", "keys");
            everyPage(DESK, pages);
            everyPage(PHONE_DARK, pages);
            api.delete("/webhooks/" + endpoint);
        }
    }

    private void everyPage(ConsolePage.View view, Map<String, String> pages) {
        try (ConsolePage console = house.blank(view)) {
            console.visit("/");
            console.find("#key").waitFor();
            console.assertAccessibleInBothThemes();
            console.assertFits();
            console.signIn(api.key());
            console.slowDown(80);
            pages.forEach((path, name) -> {
                console.open(path);
                console.assertStandsStill();
                console.assertFits();
                console.picture(name + (view == DESK ? "-desk.png" : "-phone.png"));
                console.assertAccessibleInBothThemes();
            });
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void aJobIsFoundOpenedAndDeletedByTheKeyboard() {
        String job = api.upload(Clip.mp4(1, "320x180"), "Needle in the hay.mp4").text("job_id");
        api.awaitCompleted(job);
        try (ConsolePage console = house.signedIn(DESK)) {
            console.open("/jobs");
            Page page = console.page();
            page.getByLabel("Search by name or claim check").fill(job.substring(job.length() - 8));
            page.waitForURL(url -> url.contains("q="));
            page.locator("[role=row]").getByText("Needle in the hay.mp4").waitFor();
            PlaywrightAssertions.assertThat(page.locator("[role=row]")).hasCount(1); // Once the answer is there.
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
        try (ConsolePage console = house.blank(DESK)) {
            List<String> names = new ArrayList<>();
            List<Long> bytes = new ArrayList<>();
            console.page().onResponse(response -> {
                if (response.url().contains("/assets/") || response.url().endsWith("/")) {
                    names.add(response.url());
                    bytes.add(Long.valueOf(response.headerValue("content-length")));
                }
            });
            console.visit("/");
            console.signIn(api.key());
            assertThat(bytes.stream().mapToLong(Long::longValue).sum())
                    .as(() -> "bytes on the line of " + names)
                    .isBetween(50_000L, 300_000L);
            assertThat(names).noneMatch(name -> name.contains("/hls-"));
        }
    }

    @Test
    void theCommandLineShowsBothBars() {
        List<String> lines = CliIT.terminalSession(Clip.mp4(12, "1280x720"), house.server);
        try (ConsolePage terminal = house.blank(DESK_DARK)) {
            terminal.page().setViewportSize(940, 150);
            terminal.page()
                    .setContent(
                            "<body style='margin:0;background:#14161c'><pre style='margin:0;padding:24px;color:#e6e8ee;font:14px/1.8 monospace'></pre>");
            terminal.find("pre")
                    .evaluate("(element, text) => { element.textContent = text; }", String.join("\n", lines));
            terminal.picture("cli-progress.png");
        }
    }
}
