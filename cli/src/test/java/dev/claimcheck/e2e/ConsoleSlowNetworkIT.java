package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static dev.claimcheck.e2e.ConsolePage.View.PHONE;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The console where answers are late, do not come, or break off. */
@ExtendWith(SharedInJvm.class)
class ConsoleSlowNetworkIT {
    private final ConsoleHouse house;
    private final Api api;

    ConsoleSlowNetworkIT(ConsoleHouse house) {
        this.house = house;
        this.api = house.api;
    }

    @Test
    void everyPageSaysWhatItWaitsFor() {
        String job = api.upload(Clip.mp4(1, "320x180"), "Slow.mp4").text("job_id");
        Map<String, String> pages = Map.of(
                "/",
                "the last videos",
                "/jobs",
                "the jobs",
                "/jobs/" + job,
                "the job",
                "/operations",
                "how the system is",
                "/hooks",
                "the endpoints",
                "/hooks/00019ff0-9244-40fe-8e9e-55c20c383521",
                "the endpoint",
                "/keys",
                "keys and owners");
        try (ConsolePage console = house.signedIn(PHONE)) {
            console.page().clock().install();
            List<Route> held = hold(console, request -> !request.url().endsWith("/access/me"));
            pages.forEach((path, what) -> {
                console.visit(path);
                Locator words = console.find("main [aria-busy=true]").getByText("Loading " + what + " …");
                words.waitFor();
                console.assertFits();
            });
            assertThat(held).isNotEmpty();
            console.page().clock().fastForward(6_000);
            console.page().getByText("the network or the service is slow").waitFor();
        }
    }

    @Test
    void anActionUnderWaySaysSoAndIsSentOnce() {
        house.ffmpeg.failOn("*libx264*");
        String job = api.upload(Clip.mp4(1, "320x180"), "Clicked twice.mp4").text("job_id");
        assertThat(api.awaitEnd(job).path("status").asString("")).isEqualTo("FAILED");
        house.ffmpeg.failOn("");
        house.ffmpeg.holdOn("*libx264*");
        try (ConsolePage console = house.signedIn(DESK)) {
            console.open("/jobs/" + job);
            List<Route> held = hold(console, request -> !request.method().equals("GET"));
            Page page = console.page();
            Locator panel = console.stepPanel("transcode");
            clickTwice(
                    panel.getByRole(AriaRole.BUTTON, button("Retry this step")),
                    panel.getByRole(AriaRole.BUTTON, button("Retrying …")));
            go(console, held, "/steps/transcode/000/retry");
            page.locator("article[data-status=IN_PROGRESS]").waitFor();

            console.button("Cancel").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            clickTwice(
                    dialog.getByRole(AriaRole.BUTTON, button("Cancel the job")),
                    dialog.getByRole(AriaRole.BUTTON, button("Cancelling …")));
            go(console, held, "/cancel");
            page.locator("article[data-status=CANCELLED]").waitFor();

            console.button("Delete").click();
            clickTwice(
                    dialog.getByRole(AriaRole.BUTTON, button("Delete for good")),
                    dialog.getByRole(AriaRole.BUTTON, button("Deleting …")));
            go(console, held, "/videos/jobs/" + job);
            page.waitForURL("**/jobs");
        }
    }

    @Test
    void whatCouldNotBeReadIsToldAndAskedForAgain() {
        String job = api.upload(Clip.mp4(1, "320x180"), "Half.mp4").text("job_id");
        api.awaitCompleted(job);
        try (ConsolePage console = house.signedIn(DESK)) {
            console.page()
                    .route(
                            "**/timeline",
                            route -> route.fulfill(
                                    new Route.FulfillOptions()
                                            .setStatus(503)
                                            .setContentType("application/problem+json")
                                            .setBody(
                                                    "{\"code\": \"unavailable\", \"detail\": \"The database is away for the moment.\"}")));
            console.page().route("**/assets/Player-*.js", Route::abort);
            console.visit("/jobs/" + job);
            Locator section = console.find("section[aria-label=Timeline]");
            section.getByText("The database is away for the moment.").waitFor();
            ConsolePage.awaitCount(console.find("article[data-status=COMPLETED]"), 1); // The rest is there.
            console.page().getByText("The player could not be loaded").waitFor();
            console.assertAccessible();
            console.page().unroute("**/timeline");
            section.getByRole(AriaRole.BUTTON, button("Try again")).click();
            section.locator("[data-step=metadata]").waitFor();
            ConsolePage.awaitCount(section.getByText("The database is away"), 0);
        }
    }

    @Test
    void withoutAStreamItAsksForPagesAndThenStreamsAgain() {
        try (ConsolePage console = house.blank(DESK)) {
            Page page = console.page();
            page.clock().install();
            List<String> streams = new ArrayList<>();
            Predicate<Request> stream =
                    request -> "text/event-stream".equals(request.headers().get("accept"));
            page.onRequest(request -> {
                if (stream.test(request)) {
                    streams.add(request.url());
                }
            });
            Predicate<String> events = url -> url.contains("/events");
            page.route(events, route -> {
                if (stream.test(route.request())) {
                    route.abort("connectionreset");
                } else {
                    route.resume();
                }
            });
            console.visit("/");
            console.signIn(api.key());
            console.open("/jobs");
            page.waitForRequest(
                    request -> request.url().contains("/events?after="),
                    () -> page.clock().fastForward(10_000));
            int tried = streams.size();
            api.upload(Clip.mp4(1, "320x180"), "Seen by polling.mp4");
            page.locator("[role=row]").getByText("Seen by polling.mp4").waitFor();
            assertThat(streams).as("no stream is tried meanwhile").hasSize(tried);

            page.unroute(events);
            page.clock().fastForward(61_000);
            api.upload(Clip.mp4(1, "160x90"), "Seen by stream.mp4"); // Ends the page that is being waited for.
            page.locator("[role=row]").getByText("Seen by stream.mp4").waitFor();
            page.waitForCondition(() -> streams.size() > tried);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DESK", "PHONE"})
    void nothingMovesWhenAnUploadBecomesAVideoOrAnotherOneComes(ConsolePage.View view) {
        for (int n = 0; n < 3; n++) {
            api.upload(Clip.mp4(1, "160x90"), view + " before " + n + ".mp4");
        }
        String mine = view + " mine.mp4";
        Path file = Clip.named(Clip.mp4(2, "320x180"), mine);
        try (ConsolePage console = house.signedIn(view)) {
            console.slowDown(400);
            console.choose(file, Clip.named(Clip.mp4(2, "160x90"), "2 " + mine));
            console.awaitReady(mine);
            console.awaitReady("2 " + mine);
            assertThat(console.find("section[aria-label=Uploads] [data-name]").allTextContents())
                    .as("they stay where they were")
                    .containsExactly(mine, "2 " + mine);
            Locator recent = console.find("section[aria-label='Recent videos'] article");
            ConsolePage.awaitWords(recent.first(), view + " before 2.mp4");
            console.assertStandsStill();

            String other = view + " from elsewhere.mp4";
            api.awaitCompleted(api.upload(Clip.mp4(1, "320x180"), other).text("job_id"));
            console.awaitReady(other);
            ConsolePage.awaitWords(recent.first(), other);
            console.page().waitForTimeout(300); // What glides is there by then.
            console.assertStandsStill();

            console.page()
                    .getByLabel("Dismiss " + mine, new Page.GetByLabelOptions().setExact(true))
                    .click();
            ConsolePage.awaitCount(console.find("section[aria-label=Uploads] article"), 1);
            console.tickets("section[aria-label='Recent videos'] article", mine).waitFor();

            console.choose(file);
            console.tickets("section[aria-label=Uploads] [data-status=COMPLETED]", mine)
                    .waitFor();
            ConsolePage.awaitCount(
                    recent.filter(new Locator.FilterOptions().setHasText(mine)), 0); // One video, one ticket.
        }
    }

    private static Locator.GetByRoleOptions button(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }

    private static void clickTwice(Locator first, Locator then) {
        first.click();
        then.waitFor();
        assertThat(then.getAttribute("aria-disabled")).isEqualTo("true");
        then.click(new Locator.ClickOptions().setForce(true));
    }

    /** Requests to the API that fit wait until they are let go. */
    private static List<Route> hold(ConsolePage console, Predicate<Request> which) {
        List<Route> held = new ArrayList<>();
        console.page().route(url -> url.matches(".*/(videos|access|operations/|webhooks|events).*"), route -> {
            if (which.test(route.request())) {
                held.add(route);
            } else {
                route.resume();
            }
        });
        return held;
    }

    /** One request has been sent; it goes on. */
    private static void go(ConsolePage console, List<Route> held, String end) {
        console.page().waitForTimeout(100); // A second one would have been sent by now: clicks send at once.
        assertThat(held).hasSize(1);
        Route only = held.removeFirst();
        assertThat(only.request().url()).endsWith(end);
        only.resume();
    }
}
