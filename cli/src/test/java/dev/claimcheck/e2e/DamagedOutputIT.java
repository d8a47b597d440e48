package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a disk loses between a step and the end of its job: the last step finds it, and what made it does so again, alone. */
class DamagedOutputIT {
    private final HeldFfmpeg ffmpeg = new HeldFfmpeg();
    private final Server server = Server.start(environment());

    @AfterEach
    void stop() {
        ffmpeg.letGo();
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void onlyTheDamagedChunksAreMadeAgain() throws Exception {
        String job = heldAtThePackage();
        cutInHalf(stored(job, "hls/360p/00005.m4s"));
        Files.delete(stored(job, "hls/audio/00002.m4s"));
        // Of the right length, but not what was written: as if the disk had given a block that it never wrote.
        Files.write(stored(job, "hls/240p/00004.m4s"), sameLength(stored(job, "hls/240p/00004.m4s")));

        tryAgain();

        JsonNode done = server.api().awaitCompleted(job);
        Results.assertPlayable(server.api(), done);
        Results.assertDownload(server.api(), done);
        assertThat(done.path("verification").path("passed").asBoolean())
                .as(done.path("verification")::toString)
                .isTrue();
        JsonNode steps = server.api().get("/videos/jobs/" + job).body().path("steps");
        assertThat(names(steps, 2))
                .contains("audio")
                .anySatisfy(name -> assertThat(name).startsWith("transcode/"));
        assertThat(names(steps, 1))
                .as("everything else stands as it was")
                .contains("metadata", "transcode/000", "transcode/001", "thumbnail");
        await("the damaged attempts are swept")
                .atMost(Duration.ofSeconds(90))
                .until(() -> folders(job).stream()
                                .map(folder -> folder.replaceAll("-.*", ""))
                                .distinct()
                                .count()
                        == folders(job).size());
    }

    private String heldAtThePackage() {
        ffmpeg.holdOn("*faststart*");
        String job = server.api().upload(Clip.mp4(26, "640x360"), "damaged.mp4").text("job_id");
        await("the package is being made").atMost(Duration.ofSeconds(90)).until(ffmpeg::isHolding);
        return job;
    }

    /** The attempt that has looked already ends; the next one looks anew. */
    private void tryAgain() {
        server.children("faststart").forEach(pid -> Server.signal("KILL", pid));
        ffmpeg.letGo();
    }

    private static void cutInHalf(Path file) throws IOException {
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() / 2);
        }
    }

    private static byte[] sameLength(Path file) throws IOException {
        return new byte[(int) Files.size(file)];
    }

    private Path stored(String job, String path) throws IOException {
        try (Stream<Path> tree = Files.walk(jobFolder(job))) {
            return tree.filter(file -> file.toString().endsWith("/" + path))
                    .reduce((_, last) -> last)
                    .orElseThrow(() -> new AssertionError("nothing is stored of " + path));
        }
    }

    private List<String> folders(String job) throws IOException {
        try (Stream<Path> list = Files.list(jobFolder(job))) {
            return list.map(folder -> folder.getFileName().toString()).toList();
        }
    }

    private Path jobFolder(String job) {
        return server.data().resolve("objects/jobs").resolve(job);
    }

    private static List<String> names(JsonNode steps, int attempt) {
        return steps.valueStream()
                .filter(step -> step.path("attempt").asInt() == attempt)
                .map(step -> step.path("name").asString())
                .toList();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_RETRY_BASE_DELAY", "1s");
        return environment;
    }
}
