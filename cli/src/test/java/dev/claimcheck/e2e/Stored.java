package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a server on the file system has stored, seen as its files. */
record Stored(Server server) {
    /** The setting, to be {@code keep}, of a server whose uploaded files are looked at after their jobs. */
    static final String RETENTION = "CLAIMCHECK_RETENTION_SOURCE";

    Path objects() {
        return server.data().resolve("objects");
    }

    /** Writes under way to objects that come in one piece. */
    List<Path> incoming() {
        return files(objects().resolve(".incoming"));
    }

    /** Uploads that come in pieces and are not complete. */
    List<Path> partial() {
        return files(objects().resolve(".partial"));
    }

    /** Complete uploads that wait to be joined; there must have been one. */
    List<Path> parts() {
        return files(objects().resolve("parts"));
    }

    /** Bytes that wait for their checksum. */
    List<Path> spooled() {
        return files(server.data().resolve("spool"));
    }

    /** Uploaded files, whole. */
    List<Path> sources() {
        return filesIfAny(objects().resolve("sources"));
    }

    /** What lies among that job's results. */
    List<Path> results(String job) {
        return filesIfAny(objects().resolve("jobs").resolve(job));
    }

    /** Every file below that folder of the data folder. Its tree may be changing: what goes meanwhile is not among them. */
    List<Path> below(String folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(server.data().resolve(folder), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
                    return unlessGone(trouble);
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException trouble)
                        throws IOException {
                    return trouble == null ? FileVisitResult.CONTINUE : unlessGone(trouble);
                }
            });
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FileVisitResult unlessGone(IOException trouble) throws IOException {
        if (trouble instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw trouble;
    }

    /** That job's uploaded file is these bytes. */
    void assertSource(String job, byte[] bytes) throws IOException {
        assertThat(Files.readAllBytes(objects().resolve("sources").resolve(job)))
                .as("the stored source of " + job)
                .isEqualTo(bytes);
    }

    /** Waits until an upload in pieces has exactly so many bytes. */
    void awaitPartial(long bytes) {
        await("an unfinished upload has " + bytes + " bytes")
                .until(() -> partial().stream().anyMatch(file -> file.toFile().length() == bytes));
    }

    /** Waits until nothing of that job's upload is left: its garbage is swept every second. */
    void awaitNothingOf(String job) {
        await("nothing is left of the upload of " + job)
                .atMost(Duration.ofSeconds(20))
                .until(() -> Stream.of(incoming(), partial(), sources())
                        .flatMap(List::stream)
                        .noneMatch(file -> file.toString().contains(job)));
    }

    private static List<Path> filesIfAny(Path folder) {
        return Files.isDirectory(folder) ? files(folder) : List.of();
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
