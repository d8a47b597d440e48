package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The console in a browser, as its user sees it. Pictures go to the module's {@code target/pictures}; with {@code -Dclaimcheck.pictures=true} to {@code docs/images}, which keeps those of the documentation
 * up to date without every test run changing them.
 */
final class ConsolePage implements AutoCloseable {
    /** How large and how bright. */
    enum View {
        DESK(1440, 900, ColorScheme.LIGHT),
        DESK_DARK(1440, 900, ColorScheme.DARK),
        PHONE(390, 844, ColorScheme.LIGHT),
        PHONE_DARK(390, 844, ColorScheme.DARK);

        final int width;
        final int height;
        final ColorScheme scheme;

        View(int width, int height, ColorScheme scheme) {
            this.width = width;
            this.height = height;
            this.scheme = scheme;
        }
    }

    static final Path PICTURES = Boolean.getBoolean("claimcheck.pictures")
            ? Server.repositoryRoot().resolve("docs/images")
            : Path.of("target/pictures").toAbsolutePath();
    private static final Path AXE = Server.repositoryRoot().resolve("console/node_modules/axe-core/axe.min.js");

    /** Adds up what moves without its user's doing, and keeps what it was. */
    private static final String WATCH_SHIFTS = """
            window.shifts = 0;
            window.shifted = [];
            new PerformanceObserver(list => {
                for (const entry of list.getEntries().filter(entry => !entry.hadRecentInput)) {
                    window.shifts += entry.value;
                    for (const {node, previousRect, currentRect} of entry.sources) {
                        window.shifted.push(`${entry.value.toFixed(4)} ${node?.nodeName} ${node?.className} ${node?.textContent?.slice(0, 30)} from ${previousRect.x},${previousRect.y} to ${currentRect.x},${currentRect.y}`);
                    }
                }
            }).observe({type: 'layout-shift', buffered: true});""";

    private final View view;
    private final URI address;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private ConsolePage(View view, URI address, Page page) {
        this.view = view;
        this.address = address;
        this.page = page;
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
    }

    /** A browser that nobody is signed in with. */
    static ConsolePage blank(Chromium chromium, URI address, View view) {
        BrowserContext context = chromium.browser()
                .newContext(new Browser.NewContextOptions()
                        .setViewportSize(view.width, view.height)
                        .setColorScheme(view.scheme));
        context.addInitScript(WATCH_SHIFTS);
        return new ConsolePage(view, address, context.newPage());
    }

    /** Signs in by the form, on the upload page. */
    static ConsolePage signedIn(Chromium chromium, URI address, String key, View view) {
        ConsolePage console = blank(chromium, address, view);
        console.visit("/");
        console.signIn(key);
        return console;
    }

    /** By the form, which must be shown; until the upload page is. */
    void signIn(String key) {
        page.locator("#key").fill(key);
        page.locator("button[type=submit]").click();
        page.locator("[data-drop] .uppy-Dashboard-AddFiles").waitFor();
    }

    /** From now on every answer takes so much longer, in milliseconds, and comes at 4 Mbit/s. */
    void slowDown(int latency) {
        JsonObject conditions = new JsonObject();
        conditions.addProperty("offline", false);
        conditions.addProperty("latency", latency);
        conditions.addProperty("downloadThroughput", 500_000);
        conditions.addProperty("uploadThroughput", 500_000);
        page.context().newCDPSession(page).send("Network.emulateNetworkConditions", conditions);
    }

    Page page() {
        return page;
    }

    /** What the browser complained about: scripts that failed, anything that the content security policy refused. */
    List<String> complaints() {
        return complaints;
    }

    /** Another page of the console, by its address; what it shows may still be on its way. Gives what answered. */
    Response visit(String path) {
        return Objects.requireNonNull(page.navigate(address.resolve(path).toString()));
    }

    /** Another page of the console, once all is there that it shows. */
    ConsolePage open(String path) {
        visit(path);
        settle();
        return this;
    }

    /** Waits until nothing is being loaded any more. */
    void settle() {
        page.waitForFunction(
                "() => document.querySelector('main') !== null && document.querySelector('[aria-busy=true]') === null");
    }

    void choose(Path... files) {
        page.locator(".uppy-Dashboard-input").first().setInputFiles(files);
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** The tickets of exactly that name. */
    Locator tickets(String selector, String name) {
        return page.locator(selector)
                .filter(new Locator.FilterOptions().setHas(page.locator("[data-name][title=\"" + name + "\"]")));
    }

    /** The button with exactly these words. */
    Locator button(String words) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(words).setExact(true));
    }

    /** What the console says of the step of that name that is open. */
    Locator stepPanel(String step) {
        return page.locator("aside[aria-label^='Step " + step + "']");
    }

    /** Waits for what shows only when the service has done its work. */
    static void awaitWork(Locator done) {
        done.waitFor(new Locator.WaitForOptions().setTimeout(60_000));
    }

    /** Waits until these words are in it: what one event changes on a page comes part by part. */
    static void awaitWords(Locator place, String... words) {
        for (String some : words) {
            PlaywrightAssertions.assertThat(place).containsText(some);
        }
    }

    /** Waits until there are so many. */
    static void awaitCount(Locator places, int count) {
        PlaywrightAssertions.assertThat(places).hasCount(count);
    }

    /** Waits until the page's only job is at that. */
    void awaitStatus(String status) {
        awaitWork(page.locator("article[data-status=" + status + "]"));
    }

    /** Waits until the file is a video. */
    void awaitReady(String name) {
        awaitWork(tickets("article[data-status=COMPLETED]", name));
    }

    void picture(String name) {
        try {
            Files.createDirectories(PICTURES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name))
                .setAnimations(com.microsoft.playwright.options.ScreenshotAnimations.DISABLED));
    }

    /** Since the page was opened nothing that was shown has moved (Cumulative Layout Shift); a digit more in a number is allowed. */
    void assertStandsStill() {
        assertThat(((Number) page.evaluate("() => window.shifts")).doubleValue())
                .as(() -> page.url() + " at " + view + ": " + page.evaluate("() => window.shifted.join('; ')"))
                .isLessThan(0.002);
    }

    /** Nothing is wider than the screen. */
    void assertFits() {
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .as("%s at %s", page.url(), view)
                .isLessThanOrEqualTo(view.width);
    }

    /** As below, in the light and in the dark; it ends as it began. */
    void assertAccessibleInBothThemes() {
        ColorScheme other = view.scheme == ColorScheme.LIGHT ? ColorScheme.DARK : ColorScheme.LIGHT;
        assertAccessible();
        // Without motion: halfway from one colour to the other there is little contrast.
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(other).setReducedMotion(ReducedMotion.REDUCE));
        assertAccessible();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(view.scheme));
    }

    /** Nothing that axe knows of keeps anybody out (WCAG 2.2 A and AA, and its best practices), once all that was fading in is there: half faded there is little contrast. */
    void assertAccessible() {
        try {
            if (Boolean.FALSE.equals(page.evaluate("() => 'axe' in window"))) {
                page.evaluate(Files.readString(AXE));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        @SuppressWarnings("unchecked")
        List<String> faults = (List<String>) page.evaluate("""
                async () => {
                    await Promise.allSettled(document.getAnimations()
                        .filter(animation => animation.playState === 'running' && Number.isFinite(animation.effect.getComputedTiming().endTime))
                        .map(animation => animation.finished));
                    return (await axe.run(document, {resultTypes: ['violations']})).violations.flatMap(
                        fault => fault.nodes.map(node => `${fault.id}: ${node.target.join(' ')}: ${node.failureSummary}`));
                }""");
        assertThat(faults)
                .as(
                        "%s at %s, dark: %s",
                        page.url(), view, page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches"))
                .isEmpty();
    }

    @Override
    public void close() {
        // First, and while there is a page to answer to: a request that is intercepted as the window closes would fail
        // the test that has passed.
        page.unrouteAll();
        page.context().close();
    }
}
