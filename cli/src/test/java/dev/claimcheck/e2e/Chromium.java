package dev.claimcheck.e2e;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Debian's Chromium, driven by Playwright; it reaches nothing but 127.0.0.1. The classes of a JVM share one ({@link SharedInJvm}), each with windows of its own. Not thread-safe: it is used and closed by the thread
 * that launched it.
 */
record Chromium(Playwright playwright, Browser browser) implements AutoCloseable {
    static Chromium launch() {
        System.setProperty("playwright.cli.dir", driver().toString());
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        PlaywrightAssertions.setDefaultAssertionTimeout(30_000); // As long as everything else is waited for.
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of("/usr/bin/chromium"))
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")));
        return new Chromium(playwright, browser);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    /** npm's playwright-core with the system's node, in the shape that Playwright for Java expects of a driver. */
    private static Path driver() {
        Path node = Arrays.stream(System.getenv("PATH").split(":", -1))
                .map(part -> Path.of(part, "node"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no node on the PATH"));
        try {
            Path folder = Files.createTempDirectory(Clip.WORK, "driver");
            Files.createSymbolicLink(folder.resolve("node"), node.toRealPath());
            Files.createSymbolicLink(
                    folder.resolve("package"), Server.repositoryRoot().resolve("console/node_modules/playwright-core"));
            return folder;
        } catch (IOException e) {
            throw new IllegalStateException("Playwright's driver cannot be put together", e);
        }
    }
}
