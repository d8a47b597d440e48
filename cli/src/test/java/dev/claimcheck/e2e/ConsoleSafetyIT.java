package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE_DARK;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What others wrote stays text in the console, and keys stay where they belong. */
@ExtendWith(SharedInJvm.class)
class ConsoleSafetyIT {
    /** A name that a browser, a shell and a right-to-left reader would all like to make something of. */
    private static final String HOSTILE =
            "<img src=x onerror=alert(1)>\" onload=alert(2) '--%00 مرحبا ${7*7} " + "long ".repeat(30) + ".mp4";

    private final ConsoleHouse house;
    private final Api api;

    ConsoleSafetyIT(ConsoleHouse house) {
        this.house = house;
        this.api = house.api;
    }

    @Test
    void hostileNamesMetadataAndErrorsAreTextEverywhere() {
        house.ffmpeg.failOn("*libx264*", "<img src=x onerror=alert(3)> frame 17");
        String job = api.upload(Clip.titled(1, "<img src=x onerror=alert(4)>"), HOSTILE)
                .text("job_id");
        assertThat(api.awaitEnd(job).path("status").asString("")).isEqualTo("FAILED");
        String owner = "<b onclick=alert(5)>owner</b>";
        api.post("/access/keys", "{\"owner\": \"" + owner + "\", \"name\": \"<script>alert(6)</script>\"}");
        String endpoint = api.post(
                        "/webhooks",
                        "{\"url\": \"http://127.0.0.1:9/hook\", \"description\": \"<img src=x onerror=alert(1)>\", \"events\": [\"job.failed\"]}")
                .text("endpoint_id");
        try (ConsolePage console = house.signedIn(PHONE_DARK)) {
            for (String path :
                    List.of("/", "/jobs", "/jobs/" + job, "/operations", "/hooks", "/hooks/" + endpoint, "/keys")) {
                console.open(path);
                console.page()
                        .getByText(path.equals("/keys") ? owner : "<img src=x onerror=alert(1)>")
                        .first()
                        .waitFor();
                assertInert(console, path);
            }
            console.open("/jobs/" + job);
            Locator panel = console.stepPanel("transcode");
            ConsolePage.awaitWords(panel, "<img src=x onerror=alert(3)> frame 17");
            console.picture("hostile-phone.png");
            for (String tab : List.of("Metadata", "Events", "API", "JSON")) {
                console.page()
                        .getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setName(tab))
                        .click();
                console.settle();
                if (tab.equals("Metadata")) {
                    console.find("[role=tabpanel]")
                            .getByText("<img src=x onerror=alert(4)>")
                            .waitFor();
                }
                assertInert(console, tab);
            }
            console.open("/jobs?q=" + Api.encode("<img src=x onerror=alert(7)>nothing"));
            console.page().getByText("Nothing is called").waitFor();
            assertInert(console, "search");
            assertThat(console.complaints()).isEmpty();
        } finally {
            api.delete("/webhooks/" + endpoint);
        }
    }

    /** Nothing that was a name has become a part of the page, which also holds where the policy would have kept it from doing harm. */
    private static void assertInert(ConsolePage console, String where) {
        assertThat(console.find("img[src=x], b[onclick], main script, body script:not([src])")
                        .count())
                .as(where)
                .isZero();
        console.assertFits();
    }

    @Test
    void thePolicyStopsWhatWouldGetThrough() {
        try (ConsolePage console = house.signedIn(DESK)) {
            Object ran = console.page().evaluate("""
                    async () => {
                        window.ran = [];
                        const violations = [];
                        document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));
                        const box = document.createElement('div');
                        document.body.append(box);
                        box.innerHTML = '<img src=x onerror="ran.push(1)"><p style="color: red">x</p>';
                        const script = document.createElement('script');
                        script.textContent = 'ran.push(2)';
                        document.body.append(script);
                        const frame = document.createElement('iframe');
                        frame.src = location.origin + '/';
                        document.body.append(frame);
                        await fetch('http://127.0.0.1:9/').catch(() => {});
                        await new Promise(resolve => setTimeout(resolve, 200));
                        return JSON.stringify({ran, red: getComputedStyle(box.querySelector('p')).color === 'rgb(255, 0, 0)', violations: [...new Set(violations)].sort()});
                    }""");
            assertThat(ran)
                    .isEqualTo(
                            "{\"ran\":[],\"red\":false,\"violations\":[\"connect-src\",\"script-src-attr\",\"script-src-elem\",\"style-src-attr\"]}");
            assertThat(console.visit("/").headers())
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("x-frame-options", "DENY")
                    .containsEntry("referrer-policy", "no-referrer");
        }
    }

    @Test
    void aOneClickLinkWorksOnceAndLeavesNoTrace() {
        String token = api.post("/access/console-links").text("token");
        try (ConsolePage first = house.blank(DESK);
                ConsolePage second = house.blank(DESK)) {
            first.visit("/#token=" + token);
            first.find("[data-drop]").waitFor();
            assertThat(first.page().url()).doesNotContain(token);
            assertThat((String) first.page().evaluate("() => JSON.stringify([localStorage, location.href])"))
                    .as("the key is this tab's alone")
                    .doesNotContain("claimcheck.key");

            second.visit("/#token=" + token);
            ConsolePage.awaitWords(second.page().getByRole(AriaRole.ALERT), "used before");
            second.find("#key").fill("not a key");
            second.find("button[type=submit]").click();
            second.page().getByText("Sign in to Claimcheck").waitFor();
            second.page().getByRole(AriaRole.ALERT).waitFor();
        }
    }
}
