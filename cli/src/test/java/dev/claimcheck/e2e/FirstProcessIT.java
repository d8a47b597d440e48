package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as the first process of a container, where nobody else reaps what bubblewrap leaves behind and passes signals on. */
class FirstProcessIT {
    @Test
    void itReapsWhatItInheritsAndStopsWhenTold() throws Exception {
        try (Server server = Server.startAsFirstProcess(Map.of())) {
            String job =
                    server.api().upload(Clip.mp4(2, "320x180"), "contained.mp4").text("job_id");
            server.api().awaitCompleted(job);

            await("what has ended is gone").atMost(Duration.ofSeconds(10)).until(() -> server.zombies() == 0);
            server.stop();
            assertThat(server.orphans()).isEmpty();
        }
    }

    @Test
    void itCanBeStoppedBeforeJavaIsThere(@TempDir Path jdk) throws Exception {
        Path java = Files.createDirectory(jdk.resolve("bin")).resolve("java");
        Path started = jdk.resolve("started");
        Files.writeString(java, "#!/bin/sh\ntouch '" + started + "'\nsleep 100\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Path release = jdk.resolve("release");
        assertThat(new ProcessBuilder("mkfifo", release.toString()).start().waitFor())
                .isZero();

        ProcessBuilder container = new ProcessBuilder(
                "unshare", "--pid", "--fork", "--mount-proc", "--kill-child", Server.LAUNCHER.toString(), "serve");
        container.environment().putAll(Map.of("JAVA_HOME", jdk.toString(), "CLAIMCHECK_BUILD", "never"));
        Process unshare = container.start();
        try {
            try (OutputStream told = Files.newOutputStream(release)) { // Opens once the launcher reads it.
                unshare.children().forEach(ProcessHandle::destroy);
                told.write("JAVA_VERSION=\"25.0.1\"\n".getBytes(UTF_8));
            }
            assertThat(unshare.waitFor(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            unshare.destroyForcibly();
        }
        assertThat(unshare.exitValue()).isEqualTo(143);
        assertThat(started).doesNotExist();
    }
}
