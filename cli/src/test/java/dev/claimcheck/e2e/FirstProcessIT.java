package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
