package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.DESK_DARK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Uploads by the console in a real browser, at a desk and on a phone, through cuts of the line and reloads. */
@ExtendWith(SharedInJvm.class)
class ConsoleUploadIT {
    private static final int SIZE = 20_000_000;

    private static Server server;
    private static Chromium chromium;
    private static Line line;

    @BeforeAll
    static void open(Chromium shared) {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "30MB"));
        line = Line.to(server.baseUri());
        chromium = shared;
    }

    @AfterAll
    static void close() throws IOException {
        line.close();
        server.close();
    }

    /** A test that ends with the line stopped would take the others with it. */
    @AfterEach
    void theLineIsWhole() {
        line.repair();
        line.cut();
    }

    @Test
    void bothBarsMoveAndAReloadInTheMiddleGoesOnByItself() {
        try (ConsolePage console = signedIn(line.address(), DESK)) {
            long before = line.sent();
            line.stopAfter(SIZE / 2);
            console.choose(big("Summer holiday.mp4", 12));
            line.awaitStop();
            console.page()
                    .waitForFunction(
                            "() => document.querySelector('article[data-phase=sending] progress')?.value > 30");
            console.page().reload();
            line.cut();
            // Nobody chooses the file again: the browser has kept it.
            Locator ticket = console.find("article[data-status=IN_PROGRESS]").first();
            ConsolePage.awaitWork(ticket);
            assertThat(ticket.locator("progress").count()).isEqualTo(1);
            console.page()
                    .waitForFunction(
                            "() => document.querySelector('article[data-status=IN_PROGRESS] progress')?.value > 10");
            console.picture("upload-desktop.png");
            console.awaitReady("Summer holiday.mp4");
            assertThat(line.sent() - before)
                    .as("what had come is not sent again")
                    .isBetween((long) SIZE, SIZE + SIZE * 3L / 10);
            assertThat(console.page().evaluate("""
                    async () => (await indexedDB.databases()).length === 0 ? 0 : new Promise((resolve, reject) => {
                        const request = indexedDB.open('uppy-blobs');
                        request.onerror = () => reject(request.error);
                        request.onsuccess = () => {
                            const all = request.result.transaction('files').objectStore('files').count();
                            all.onsuccess = () => { request.result.close(); resolve(all.result); };
                        };
                    })"""))
                    .as("files that the browser keeps though they have arrived")
                    .isEqualTo(0);
        }
    }

    @Test
    void anUploadGoesOnWhenTheNetworkIsBack() {
        try (ConsolePage console = signedIn(line.address(), DESK)) {
            long before = line.sent();
            line.stopAfter(SIZE / 2);
            console.choose(big("Birthday, uncut.mp4", 1));
            line.awaitStop();
            line.breakDown();
            ConsolePage.awaitWords(
                    console.find("article[data-phase=away] [data-line]"),
                    "The connection broke off.",
                    "goes on by itself");
            line.repair();
            console.awaitReady("Birthday, uncut.mp4");
            // Half had been sent when it broke; of that only what was still under way, in buffers on the path, is sent
            // again.
            assertThat(line.sent() - before).as("nothing is sent twice").isBetween((long) SIZE, SIZE + SIZE * 3L / 10);
        }
    }

    @Test
    void whereTheBrowserKeepsNoFileItsTicketAsksForItAgain() throws IOException {
        try (ConsolePage console = ConsolePage.blank(chromium, line.address(), PHONE)) {
            // As in a second tab, or with a file that is too large to be kept.
            console.page().addInitScript("delete Navigator.prototype.locks");
            console.visit("/");
            console.signIn(server.api().key());
            Path file = big("holiday.mp4", 1);
            long before = line.sent();
            line.stopAfter(SIZE / 2);
            console.choose(file);
            line.awaitStop();
            console.page()
                    .waitForFunction(
                            "() => document.querySelector('article[data-phase=sending] progress')?.value > 30");
            console.page().navigate("about:blank"); // As a reload, with the line still standing still.
            line.cut();
            console.visit("/");

            Locator ticket = console.find("article[data-phase=interrupted]");
            ticket.waitFor();
            assertThat(ticket.locator("[data-line]").textContent())
                    .matches("About [3-9]\\d % of 20 MB is there until tomorrow .*Choose the file again to go on.");
            assertThat(console.tickets("section[aria-label='Recent videos'] article", "holiday.mp4")
                            .count())
                    .as("one ticket for one file")
                    .isZero();
            console.picture("upload-again-phone.png");
            goOn(console, Clip.named(Clip.mp4(1, "320x180"), "another.mp4"));
            ConsolePage.awaitWords(ticket.locator("[role=alert]"), "That is another.mp4. Choose holiday.mp4");
            goOn(console, file);
            console.awaitReady("holiday.mp4");
            assertThat(line.sent() - before).as("nothing is sent twice").isBetween((long) SIZE, SIZE + SIZE * 3L / 10);
            assertThat(remembered(console)).isZero();
        }
    }

    @Test
    void threeFilesGoAtOnceAndEachCanBeHeldOrCalledOff() throws IOException {
        try (ConsolePage console = signedIn(line.address(), DESK_DARK)) {
            line.stopAfter(SIZE);
            console.choose(
                    big("Wedding, first dance.mp4", 1),
                    big("Drone over the lake.mp4", 1),
                    big("Keynote, rehearsal with a rather long name that has to be cut somewhere.mp4", 1),
                    big("Grandma's 90th.mp4", 1),
                    Clip.named(Clip.bytes("empty", new byte[0]), "Nothing in it.mp4"),
                    Clip.named(Clip.bytes("huge", new byte[31_000_000]), "Too large.mp4"),
                    Clip.named(Clip.bytes("picture", new byte[10]), "Poster.png"));
            line.awaitStop();
            ConsolePage.awaitCount(console.find("article[data-phase=sending]"), 3);
            ConsolePage.awaitWords(console.find("article[data-phase=waiting]"), "Grandma's 90th.mp4", "In line");
            ConsolePage.awaitCount(console.find("article[data-phase=failed]"), 3);
            assertThat(console.find("article[data-phase=failed]").allTextContents())
                    .satisfiesExactly(
                            one -> assertThat(one).contains("Nothing in it.mp4", "The file is empty"),
                            one -> assertThat(one)
                                    .contains("Too large.mp4", "31 MB; the largest accepted here is 30 MB"),
                            one -> assertThat(one).contains("Poster.png", "a picture, not a video"));
            console.page().getByLabel("Pause Drone over the lake.mp4").click();
            console.find("article[data-phase=paused]").waitFor();
            console.find("article[data-phase=waiting]")
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            await("speed and time left are shown, and each is known to the service")
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        line.allow(50_000);
                        return speeds(console) > 0 && remembered(console) == 4;
                    });
            console.assertAccessible();
            console.picture("uploads-desktop.png");
            console.page().setViewportSize(390, 844);
            assertThat((Integer) console.page().evaluate("() => document.documentElement.scrollWidth"))
                    .as("nothing is wider than the phone")
                    .isLessThanOrEqualTo(390);
            console.picture("uploads-phone.png");

            // Held, or it might be there before it can be called off.
            console.page().getByLabel("Pause Grandma's 90th.mp4").click();
            line.cut();
            console.page().getByLabel("Cancel Grandma's 90th.mp4").click();
            console.page().getByLabel("Go on with Drone over the lake.mp4").click();
            console.awaitReady("Wedding, first dance.mp4");
            console.awaitReady("Drone over the lake.mp4");
            console.awaitReady("Keynote, rehearsal with a rather long name that has to be cut somewhere.mp4");
            ConsolePage.awaitCount(console.tickets("section[aria-label=Uploads] article", "Grandma's 90th.mp4"), 0);
            await("the bytes of the upload that was called off are gone")
                    .until(() -> filesIn(server.data().resolve("objects/.partial")) == 0);
        }
    }

    @Test
    void anotherSignInSeesNothingOfTheUploadsBeforeAndTheirOwnerFindsThemAgain() {
        try (ConsolePage console = signedIn(line.address(), DESK)) {
            line.stopAfter(SIZE / 2);
            console.choose(big("Not yours.mp4", 1));
            line.awaitStop();
            signOut(console, "admin");
            line.cut();
            console.signIn(server.api().asOwner("other").key());
            console.page().getByText("No videos yet").waitFor();
            assertThat(console.find("article").count()).isZero();
            signOut(console, "other");
            console.signIn(server.api().key());
            console.awaitReady("Not yours.mp4");
        }
    }

    private static void signOut(ConsolePage console, String owner) {
        console.page()
                .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(owner))
                .click();
        console.page().getByText("Sign out").click();
        console.find("#key").waitFor();
    }

    private static ConsolePage signedIn(URI address, ConsolePage.View view) {
        return ConsolePage.signedIn(chromium, address, server.api().key(), view);
    }

    /** A clip that is long to upload. */
    private static Path big(String name, int seconds) {
        return Clip.named(Clip.padded(Clip.mp4(seconds, "640x360"), SIZE), name);
    }

    private static void goOn(ConsolePage console, Path file) {
        console.page()
                .waitForFileChooser(
                        () -> console.find("button:has-text('Go on')").click())
                .setFiles(file);
    }

    /** How many uploads the browser remembers, which it does from the answer to the first request on. */
    private static int remembered(ConsolePage console) {
        return (Integer) console.page()
                .evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('claimcheck.upload.')).length");
    }

    private static int speeds(ConsolePage console) {
        return console.find("article[data-phase=sending] [data-line]")
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("/s · .* left")))
                .count();
    }

    private static long filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
