package dev.claimcheck.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {
    @TempDir
    Path folder;

    @Test
    void keepsRowsOverAKillAndComesBackOnTheSameAddress() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0);
                Database database = Database.open(postgres.address(), 4);
                Notifications notifications = new Notifications(postgres.address())) {
            CopyOnWriteArrayList<String> heard = new CopyOnWriteArrayList<>();
            notifications.listen("test_channel", heard::add);
            await().until(notifications::isConnected);
            database.useTransaction(handle -> handle.execute("CREATE TABLE kept AS SELECT 42 AS answer"));
            long before = postgres.pid().orElseThrow();

            Signals.send("KILL", before);

            await().atMost(Duration.ofSeconds(30)).until(database::isReachable);
            assertThat(postgres.pid())
                    .isPresent()
                    .hasValueSatisfying(pid -> assertThat(pid).isNotEqualTo(before));
            int answer = database.withHandle(handle -> handle.createQuery("SELECT answer FROM kept")
                    .mapTo(Integer.class)
                    .one());
            assertThat(answer).isEqualTo(42);
            await().atMost(Duration.ofSeconds(10)).until(notifications::isConnected);
            database.useTransaction(handle -> handle.execute("NOTIFY test_channel, 'hello'"));
            await().untilAsserted(() -> assertThat(heard).contains("hello"));
        }
    }

    @Test
    void fsyncIsOn() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0);
                Database database = Database.open(postgres.address(), 4)) {
            String fsync = database.withHandle(handle ->
                    handle.createQuery("SHOW fsync").mapTo(String.class).one());
            assertThat(fsync).isEqualTo("on");
        }
        assertThat(Files.exists(folder.resolve("cluster/postmaster.pid"))).isFalse();
    }
}
