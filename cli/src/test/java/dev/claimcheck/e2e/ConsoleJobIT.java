package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.DESK_DARK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE_DARK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A job's page in a real browser: watch while it is being made, find out why it failed, mend it, see it outlive its worker. */
@ExtendWith(SharedInJvm.class)
class ConsoleJobIT {
    private final ConsoleHouse house;
    private final Api api;

    ConsoleJobIT(ConsoleHouse house) {
        this.house = house;
        this.api = house.api;
    }

    @Test
    void aVideoIsWatchedWhileItIsBeingMadeAndItsMomentsAreSeenOnHover() {
        house.ffmpeg.holdOn(
                "*video-360p.mp4*video-240p.mp4*"); // All sizes at once: these are the chunks behind the first seconds.
        String job = api.upload(Clip.mp4(40, "640x360"), "Keynote.mp4").text("job_id");
        try (ConsolePage console = house.signedIn(DESK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            ConsolePage.awaitWork(page.locator("[data-player] video"));
            page.evaluate("() => { document.querySelector('video').muted = true; }");
            page.getByLabel("Play", new Page.GetByLabelOptions().setExact(true)).click();
            page.waitForFunction("() => document.querySelector('video')?.currentTime > 1");
            await().atMost(Duration.ofSeconds(30)).until(house.ffmpeg::isHolding);
            assertThat(api.statusOf(job)).as("while it plays").isEqualTo("IN_PROGRESS");
            ConsolePage.awaitWords(page.locator("[data-player]"), "Still being made");
            ConsolePage.awaitCount(page.locator("article[data-status=IN_PROGRESS] progress"), 1);
            page.locator("[data-outcome=running]").first().waitFor();
            console.assertAccessible();
            page.locator("[data-player]").hover(); // Its bar hides while nobody moves.
            console.picture("job-processing-desktop.png");

            house.ffmpeg.letGo();
            console.awaitStatus("COMPLETED");
            page.evaluate("() => document.querySelector('video').pause()");
            page.waitForFunction(
                    "() => document.querySelector('video')?.duration > 39"); // The finished playlist is read.
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
            page.waitForFunction("() => document.querySelector('video')?.currentTime > 38");
            page.keyboard().press("ArrowLeft");
            page.waitForFunction("() => document.querySelector('video')?.currentTime < 36");
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void aStepThatFailedIsUnderstoodAndDoneAgain() {
        house.ffmpeg.failOn("*libx264*");
        String job = api.upload(Clip.mp4(2, "640x360"), "Torn tape.mp4").text("job_id");
        try (ConsolePage console = house.signedIn(DESK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            console.awaitStatus("FAILED");
            Locator panel = console.stepPanel("transcode");
            // The step that failed is chosen already.
            ConsolePage.awaitWords(panel, "frame 17 is torn", "Attempt 1", "Failed");
            console.picture("failed-desktop.png");
            house.ffmpeg.failOn("");
            panel.getByText("Retry this step").click();
            console.awaitStatus("COMPLETED");
            page.locator("[data-step^=transcode]").first().click();
            page.locator("section[aria-label='Attempt 2']").first().waitFor();
            ConsolePage.awaitWords(panel, "Attempt 1", "Attempt 2", "Done");
            assertThat(console.complaints()).isEmpty();
        }
    }

    @Test
    void anOptionalStepIsDoneAgainAlone() {
        house.ffmpeg.failOn("*poster*");
        String job = api.upload(Clip.mp4(2, "320x180"), "Without a poster.mp4").text("job_id");
        assertThat(api.awaitEnd(job).path("warnings").isEmpty()).isFalse();
        house.ffmpeg.failOn("");
        try (ConsolePage console = house.signedIn(PHONE_DARK)) {
            console.open("/jobs/" + job);
            Page page = console.page();
            page.locator("[data-step=thumbnail][data-status=FAILED]").click();
            page.getByText("Retry this step").click();
            ConsolePage.awaitWork(page.locator("[data-step=thumbnail][data-status=SUCCEEDED]"));
            page.locator("article[data-job] img").waitFor();
            console.assertFits();
        }
    }

    @Test
    void aWorkerDiesAndThePageSeesItRecover() {
        house.ffmpeg.holdOn("*libx264*");
        String job = api.upload(Clip.mp4(2, "320x180"), "Survivor.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(30)).until(house.ffmpeg::isHolding);
        try (ConsolePage console = house.signedIn(DESK_DARK)) {
            console.open("/operations");
            Page page = console.page();
            page.getByText("Survivor.mp4").first().waitFor();
            console.open("/jobs/" + job);
            page.locator("[data-step^=transcode][data-status=RUNNING]").first().waitFor();
            house.server.killJvm();
            page.getByText("The service cannot be reached").first().waitFor();
            house.server.restart();
            // Nobody reloads: the page finds its way back, and the attempt that was lost is told as that.
            ConsolePage.awaitWork(page.locator("[data-step^=transcode] [data-outcome=lease_expired]")
                    .first());
            house.ffmpeg.letGo();
            console.awaitStatus("COMPLETED");
            page.locator("[data-step^=transcode] [data-outcome=succeeded]")
                    .first()
                    .waitFor();
            page.getByText("The service cannot be reached")
                    .first()
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        }
    }
}
