package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.ConsolePage.View.DESK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console with ten thousand jobs, and while a thousand events a second come. */
@ExtendWith(SharedInJvm.class)
class ConsoleLoadIT {
    private static final int JOBS = 10_000;
    private static Server server;
    private static Chromium chromium;

    @BeforeAll
    static void open(Chromium shared) throws Exception {
        server = Server.start(Map.of());
        chromium = shared;
        try (Connection database = database();
                var statement = database.createStatement()) {
            // Times run backwards from now, and ids with them, as in life.
            statement.execute("""
                    INSERT INTO job (job_id, owner, status, filename, size_bytes, error, created_at, updated_at, finished_at)
                    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 1000 * n), 12, '0') || '7000800000' || lpad(to_hex(n), 10, '0'))::uuid,
                           'admin', CASE WHEN n %% 10 = 0 THEN 'FAILED' ELSE 'COMPLETED' END, 'Lecture ' || n || '.mp4', 1000,
                           CASE WHEN n %% 10 = 0 THEN '{"code": "truncated", "message": "The file ends in the middle."}'::jsonb END,
                           now() - n * interval '1 second', now() - n * interval '1 second', now()
                    FROM generate_series(1, %d) n""".formatted(JOBS));
        }
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void tenThousandRowsAndAThousandEventsASecondLeaveThePageResponsive() throws Exception {
        try (ConsolePage console = ConsolePage.signedIn(
                        chromium, server.baseUri(), server.api().key(), DESK);
                Connection database = database()) {
            console.open("/jobs");
            Page page = console.page();
            page.waitForFunction("() => document.querySelector('[data-count]')?.textContent === '10,000'");
            page.evaluate("""
                    () => {
                        window.longest = 0;
                        new PerformanceObserver(list => list.getEntries().forEach(entry => { window.longest = Math.max(window.longest, entry.duration); }))
                            .observe({type: 'longtask'});
                    }""");
            toTheEnd(page);
            assertThat(page.locator("[role=row]").count())
                    .as("rows that exist in the page")
                    .isLessThan(60);
            page.locator("[role=row]").getByText("Lecture 10000.mp4").waitFor();
            console.assertAccessible();
            page.evaluate(
                    "() => { window.longest = 0; window.frames_ = []; let last = performance.now();"
                            + " const frame = now => { window.frames_.push(now - last); last = now; requestAnimationFrame(frame); }; requestAnimationFrame(frame); }");

            long began = System.nanoTime();
            for (int batch = 0; batch < 30; batch++) {
                events(database, 100);
                if (batch == 5) { // One of them is of a row on the screen, which nothing else would read anew.
                    rename(database, "Lecture 9999.mp4", "Renamed in the rush.mp4");
                }
                long due = began + Duration.ofMillis(100L * (batch + 1)).toNanos();
                Thread.sleep(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                if (batch == 15) { // In the middle of it, its user does something.
                    page.locator("[role=row]")
                            .getByText("Renamed in the rush.mp4")
                            .waitFor();
                    long clicked = System.nanoTime();
                    page.locator("button:has-text('Failed')").click();
                    page.waitForURL("**/jobs?show=failed");
                    page.locator("[role=row][data-status=FAILED]").first().waitFor();
                    assertThat(Duration.ofNanos(System.nanoTime() - clicked)).isLessThan(Duration.ofSeconds(3));
                }
            }
            // The last of them has arrived: nothing is left behind, and nothing piled up.
            rename(database, "Lecture 10.mp4", "The newest name.mp4");
            page.locator("[role=row]").getByText("The newest name.mp4").waitFor();
            double longest = ((Number) page.evaluate("() => window.longest")).doubleValue();
            List<?> frames = (List<?>) page.evaluate("() => window.frames_.sort((a, b) => a - b)");
            double typical = ((Number) frames.get(frames.size() / 2)).doubleValue();
            System.out.printf(
                    "3,000 events in 3 s: longest task %.0f ms, half of the frames within %.0f ms%n", longest, typical);
            assertThat(longest)
                    .as("the longest time in which the page did not answer, in ms")
                    .isLessThan(400);
            assertThat(typical).as("half of the frames, in ms").isLessThan(60);
            assertThat(console.complaints()).isEmpty();
        }
    }

    /** By the keyboard, as the rows come in. */
    private static void toTheEnd(Page page) {
        page.getByRole(com.microsoft.playwright.options.AriaRole.GRID).focus();
        await("all rows are there")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    page.keyboard().press("End");
                    return page.locator("[role=grid]").getAttribute("data-rows").equals(Integer.toString(JOBS));
                });
        page.keyboard().press("End");
    }

    /** With its event, behind a hundred others at once. */
    private static void rename(Connection database, String from, String to) throws Exception {
        database.setAutoCommit(false);
        events(database, 100);
        try (var statement = database.createStatement()) {
            statement.execute("UPDATE job SET filename = '%s' WHERE filename = '%s'".formatted(to, from));
            statement.execute(
                    "INSERT INTO event (owner, job_id, type) SELECT owner, job_id, 'step.started' FROM job WHERE filename = '%s'"
                            .formatted(to));
        }
        database.commit();
        database.setAutoCommit(true);
    }

    private static void events(Connection database, int number) throws Exception {
        try (var statement = database.createStatement()) {
            statement.execute("""
                    INSERT INTO event (owner, job_id, type, data)
                    SELECT owner, job_id, CASE WHEN random() < 0.1 THEN 'job.retried' ELSE 'step.started' END, '{"step": "transcode/000", "attempt": 1}'
                    FROM job ORDER BY random() LIMIT %d""".formatted(number));
        }
    }

    private static Connection database() throws Exception {
        String password = Files.readString(server.data().resolve("postgres/password"));
        String port = Files.readAllLines(server.data().resolve("postgres/cluster/postmaster.pid"))
                .get(3)
                .strip();
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "claimcheck", password);
    }
}
