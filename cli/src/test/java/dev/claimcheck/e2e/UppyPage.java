package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.json.JsonMapper;

/** The page of cli/src/test/uppy in a browser, from an origin of its own: Uppy as anybody would set it up. */
record UppyPage(Page page, List<Request> requests) {
    /** How the page uploads: each is a module in cli/src/test/uppy/src. */
    enum Way {
        TUS,
        PRESIGNED,
        MULTIPART
    }

    /** Serves the page's files on a port of its own; the caller stops it. */
    static HttpServer serve() {
        Path files = Server.repositoryRoot().resolve("cli/target/uppy");
        HttpServer pages = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), files, SimpleFileServer.OutputLevel.NONE);
        pages.start();
        return pages;
    }

    static String originOf(HttpServer pages) {
        return "http://127.0.0.1:" + pages.getAddress().getPort();
    }

    /** Opens the page, for uploads to {@code server} with {@code key}. */
    static UppyPage open(BrowserContext context, String origin, Way way, URI server, String key) {
        UppyPage opened = new UppyPage(context.newPage(), new CopyOnWriteArrayList<>());
        opened.page.onRequest(opened.requests::add);
        String settings = JsonMapper.shared()
                .writeValueAsString(Map.of(
                        "way", way.name().toLowerCase(java.util.Locale.ROOT), "server", server.toString(), "key", key));
        opened.page.navigate(origin + "/page.html#" + Api.encode(settings));
        opened.awaitReady();
        return opened;
    }

    /** Chooses a file; its upload begins at once. */
    void choose(Path file) {
        page.locator("input").setInputFiles(file);
    }

    void reload() {
        page.reload();
        awaitReady();
    }

    /** Calls Uppy's own interface, such as {@code pauseAll}. */
    void call(String method) {
        page.evaluate("method => { window.uppy[method](); }", method);
    }

    /** The job that the upload has become, once Uppy says that it is complete. */
    String awaitJob() {
        page.waitForFunction("() => window.told.jobs.length + window.told.failures.length > 0");
        assertThat(failures()).isEmpty();
        return (String) page.evaluate("() => window.told.jobs[0]");
    }

    String awaitFailure() {
        page.waitForFunction("() => window.told.failures.length > 0");
        return failures().getFirst();
    }

    /** What Uppy believes to have sent, in bytes. */
    long sent() {
        return ((Number) page.evaluate("() => window.told.sent")).longValue();
    }

    /** Requests to the server of that method, as the page made them, without preflights. */
    List<Request> requests(String method) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.url().contains("/videos/"))
                .toList();
    }

    /** Waits until the browser has told the page that a request of that method broke off. */
    void awaitBroken(String method) {
        page.waitForCondition(() -> requests(method).stream().anyMatch(request -> request.failure() != null));
    }

    /** What the page asked and was answered, for whoever reads of a failure. */
    String story() {
        return requests.stream()
                .filter(request -> request.url().contains("/videos/"))
                .map(request -> "%s %s offset %s -> %s"
                        .formatted(
                                request.method(),
                                request.url(),
                                request.headers().get("upload-offset"),
                                request.failure() != null
                                        ? request.failure()
                                        : request.response().status() + " "
                                                + request.response().headers().get("upload-offset")))
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    @SuppressWarnings("unchecked")
    private List<String> failures() {
        return (List<String>) page.evaluate("() => window.told.failures");
    }

    private void awaitReady() {
        page.waitForFunction("() => window.uppy !== undefined");
    }
}
