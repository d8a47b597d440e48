package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** What the store of a server on the file system holds of uploads, seen as its files. The server keeps its sources. */
record Sources(Server server) {
    /** A setting that every server needs whose sources are looked at. */
    static final String KEEP = "CLAIMCHECK_RETENTION_SOURCE";

    /** Bytes that are no video and compress to nothing: whatever is lost, doubled or swapped shows. */
    static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    void assertHas(String job, byte[] bytes) throws IOException {
        assertThat(Files.readAllBytes(objects().resolve("sources").resolve(job)))
                .as("the stored source of " + job)
                .isEqualTo(bytes);
    }

    /** The files of uploads that are not complete. */
    List<Path> unfinished() throws IOException {
        return files(objects().resolve(".partial"));
    }

    /** Complete uploads that wait to be joined. */
    List<Path> parts() throws IOException {
        return files(objects().resolve("parts"));
    }

    /** Bytes that wait for their checksum. */
    List<Path> spooled() throws IOException {
        return files(server.data().resolve("spool"));
    }

    Path objects() {
        return server.data().resolve("objects");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
