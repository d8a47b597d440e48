package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A Postgres of the user's own; here that of another service, with a database made for the purpose. */
class ExternalDatabaseIT {
    @Test
    void aDatabaseUrlReplacesTheEmbeddedPostgres() throws Exception {
        try (Server host = Server.start(Map.of())) {
            String password = Files.readString(host.data().resolve("postgres/password"));
            String port = Files.readAllLines(host.data().resolve("postgres/cluster/postmaster.pid"))
                    .get(3)
                    .strip();
            try (var connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", "claimcheck", password);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE theirs");
            }
            String url = "postgres://claimcheck:" + password + "@127.0.0.1:" + port + "/theirs";
            try (Server guest = Server.start(Map.of("CLAIMCHECK_DATABASE_URL", url))) {
                guest.api()
                        .awaitCompleted(guest.api()
                                .upload(Clip.mp4(1, "320x180"), "theirs.mp4")
                                .text("job_id"));
                assertThat(guest.data().resolve("postgres")).doesNotExist();
                assertThat(guest.log()).doesNotContain(password);
            }
            assertThat(host.api().get("/videos/jobs").body().path("jobs")).isEmpty();
        }
    }

    @Test
    void anAddressWhereNobodyAnswersIsSaidWithoutThePassword() {
        Path data = Clip.WORK.resolve("nobody");
        int port = Server.freePort();
        ProcessBuilder builder =
                new ProcessBuilder(Server.LAUNCHER.toString(), "doctor", "--data", data.toString(), "--port", "0");
        builder.environment()
                .putAll(Map.of(
                        "CLAIMCHECK_BUILD",
                        "never",
                        "CLAIMCHECK_DATABASE_URL",
                        "postgres://user:hunter2@127.0.0.1:" + port + "/x"));
        try {
            Process process = builder.redirectErrorStream(true).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(1);
            assertThat(output)
                    .contains("does not answer", "Check CLAIMCHECK_DATABASE_URL")
                    .doesNotContain("hunter2");
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
