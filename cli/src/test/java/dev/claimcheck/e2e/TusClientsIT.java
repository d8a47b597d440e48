package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tus.java.client.TusClient;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients that people already use, unchanged, over a line that breaks. */
class TusClientsIT {
    private static final int SIZE = 5_000_000;
    private static final Path SCRIPT = Server.repositoryRoot().resolve("cli/src/test/tus-js/upload.js");

    private static Server server;
    private Line line;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of(Stored.RETENTION, "keep"));
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @BeforeEach
    void layTheLine() {
        line = Line.to(server.baseUri());
    }

    @AfterEach
    void removeTheLine() throws IOException {
        line.close();
    }

    @Test
    void tusJavaClientGoesOnAfterACut() throws Exception {
        byte[] bytes = Bytes.noise(SIZE, 11);
        TusClient client = new TusClient();
        client.setUploadCreationURL(line.address().resolve("/videos/tus").toURL());
        client.setHeaders(Map.of("Authorization", "Bearer " + server.api().key()));
        client.enableResuming(new TusURLMemoryStore());
        TusUpload upload = new TusUpload(Clip.bytes("java.mp4", bytes).toFile());
        upload.setMetadata(Map.of("filename", "java.mp4", "filetype", "video/mp4"));
        TusUploader broken = client.resumeOrCreateUpload(upload);
        broken.setChunkSize(64 << 10);
        for (int chunk = 0; chunk < 20; chunk++) {
            broken.uploadChunk();
        }
        line.cut();

        TusUploader resumed = client.resumeOrCreateUpload(upload);

        assertThat(resumed.getOffset()).isBetween(1L, 20L * (64 << 10));
        while (resumed.uploadChunk() > -1) {
            assertThat(resumed.getOffset()).isPositive();
        }
        resumed.finish();
        Api.Answer head = new Tus(server.api()).head(resumed.getUploadURL().getPath());
        new Stored(server).assertSource(head.header("Claimcheck-Job-Id"), bytes);
        assertThat(line.sent()).as("nothing was sent from the start again").isLessThan(SIZE + 1_500_000L);
    }

    @Test
    void tusJsClientGoesOnByItselfAfterACut() throws Exception {
        byte[] bytes = Bytes.noise(SIZE, 12);
        line.stopAfter(2_500_000);
        try (TusJs client = new TusJs(bytes, "cut.mp4", 1)) {
            line.awaitStop();
            line.cut();
            new Stored(server).assertSource(client.await("done"), bytes);
        }
        assertThat(line.sent()).isLessThan(SIZE + 1_500_000L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void tusJsClientFindsAnAbortedUploadAgain(int parallel) throws Exception {
        byte[] bytes = Bytes.noise(SIZE, 13 + parallel);
        line.stopAfter(3_000_000);
        try (TusJs client = new TusJs(bytes, "aborted " + parallel + ".mp4", parallel)) {
            line.awaitStop();
            client.say("abort");
            client.await("aborted");
            line.cut();
            client.say("resume");
            assertThat(client.await("found")).isEqualTo("1");
            new Stored(server).assertSource(client.await("done"), bytes);
        }
        assertThat(line.sent()).as("it went on").isLessThan(SIZE + 2_500_000L);
    }

    @Test
    void threeAtOnceBecomeOneVideo() throws Exception {
        Path clip = Clip.mp4(3, "640x360");
        try (TusJs client = new TusJs(Files.readAllBytes(clip), "parallel.mp4", 3)) {
            Results.assertPlayable(server.api(), server.api().awaitCompleted(client.await("done")));
        }
    }

    /** tus-js-client in Node, told what to do by lines and telling what happens by lines. */
    private final class TusJs implements AutoCloseable {
        private final Process process;
        private final BufferedReader said;
        private final Writer commands;

        TusJs(byte[] bytes, String name, int parallel) throws IOException {
            process = new ProcessBuilder(
                            "node",
                            SCRIPT.toString(),
                            line.address() + "/videos/tus",
                            server.api().key(),
                            Clip.bytes("js.mp4", bytes).toString(),
                            name,
                            Clip.WORK
                                    .resolve("tus-js-" + System.nanoTime() + ".json")
                                    .toString(),
                            Integer.toString(parallel))
                    .redirectErrorStream(true)
                    .start();
            said = process.inputReader(StandardCharsets.UTF_8);
            commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        }

        void say(String command) throws IOException {
            commands.write(command + "\n");
            commands.flush();
        }

        /** What it said with that word; fails where it ends or complains first. */
        String await(String word) throws IOException {
            StringBuilder all = new StringBuilder();
            for (String text = said.readLine(); text != null; text = said.readLine()) {
                all.append(text).append('\n');
                assertThat(text).as(all::toString).doesNotStartWith("error");
                if (text.startsWith(word)) {
                    return text.substring(word.length()).strip();
                }
            }
            throw new AssertionError("tus-js-client ended before \"" + word + "\": " + all);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
