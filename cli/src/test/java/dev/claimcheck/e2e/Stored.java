package dev.claimcheck.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What lies in a server's object folder. */
record Stored(Server server) {
    /** Writes under way to objects that come in one piece. */
    List<Path> incoming() {
        return files(".incoming");
    }

    /** Uploads that come in pieces. */
    List<Path> partial() {
        return files(".partial");
    }

    /** Uploaded files, whole. */
    List<Path> sources() {
        return files("sources");
    }

    /** Waits until nothing of that job's upload is left: its garbage is swept every second. */
    void awaitNothingOf(String job) {
        await("nothing is left of the upload of " + job)
                .atMost(Duration.ofSeconds(20))
                .until(() -> Stream.of(incoming(), partial(), sources())
                        .flatMap(List::stream)
                        .noneMatch(file -> file.toString().contains(job)));
    }

    /** What lies among that job's results. */
    List<Path> results(String job) {
        return files("jobs/" + job);
    }

    private List<Path> files(String folder) {
        Path root = server.data().resolve("objects").resolve(folder);
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(root)) {
            return list.toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
