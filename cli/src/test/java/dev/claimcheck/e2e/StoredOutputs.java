package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the store of a server on the file system holds of a job's outputs, and its scratch space, seen as its files. */
record StoredOutputs(Server server) {
    /** An attempt of a step writes below {@code STEP-ATTEMPT}. */
    private static final String ATTEMPT = "[0-9]+-[0-9]+";

    /** Each step has left the outputs of one attempt, and nothing else is there. */
    void assertOnlyWhatCounted(String job) {
        await("only the outputs of the attempts that counted stay")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> {
                    assertThat(attempts(job).stream().map(folder -> name(folder).replaceAll("-.*", "")))
                            .as("one set of outputs per step")
                            .doesNotHaveDuplicates();
                    assertThat(scratch()).as("scratch").isEmpty();
                });
    }

    /** The SHA-256 of every output, by its path; of a path that two steps have written, one after the other, both. */
    Map<String, TreeSet<String>> hashes(String job) throws IOException {
        Map<String, TreeSet<String>> hashes = new TreeMap<>();
        for (Path attempt : attempts(job)) {
            try (Stream<Path> tree = Files.walk(attempt)) {
                for (Path file : tree.filter(Files::isRegularFile).toList()) {
                    hashes.computeIfAbsent(attempt.relativize(file).toString(), _ -> new TreeSet<>())
                            .add(sha256(file));
                }
            }
        }
        return hashes;
    }

    private List<Path> attempts(String job) {
        return new Stored(server)
                .below("objects").stream()
                        .filter(file -> file.toString().contains(job))
                        .flatMap(file -> Stream.iterate(
                                file.getParent(), folder -> folder.startsWith(server.data()), Path::getParent))
                        .filter(folder -> name(folder).matches(ATTEMPT))
                        .distinct()
                        .toList();
    }

    private List<Path> scratch() {
        return Files.exists(server.data().resolve("scratch")) ? new Stored(server).below("scratch") : List.of();
    }

    private static String name(Path folder) {
        return Objects.requireNonNull(folder.getFileName()).toString();
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
