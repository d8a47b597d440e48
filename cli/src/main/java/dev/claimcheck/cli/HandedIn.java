package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.UploadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Which files of folders were handed in, so that a folder whose upload was stopped goes on with what is missing. Of each file its job's id, in a small file of its own named after the hash of service, path, size, time of the
 * last change and what was asked for. The service is asked whether the job is still there. Thread-safe.
 */
final class HandedIn {
    private final ClaimcheckClient client;
    private final Path folder;

    HandedIn(ClaimcheckClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    /** In the state folder of this user (XDG Base Directory Specification). */
    static HandedIn ofUser(ClaimcheckClient client) {
        Map<String, String> environment = System.getenv();
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path root = state.startsWith("/") ? Path.of(state) : Path.of(System.getProperty("user.home"), ".local/state");
        return new HandedIn(client, root.resolve("claimcheck/handed-in"));
    }

    /** The file's job, where it was handed in as it is now and its job still exists. */
    Optional<String> job(Path file, UploadOptions options) throws InterruptedException {
        try {
            String job = Files.readString(entry(file, options)).strip();
            client.status(job);
            return Optional.of(job);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (ClaimcheckException e) {
            if (e.status() == 404) {
                return Optional.empty(); // Deleted since.
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder, e);
        }
    }

    void note(Path file, UploadOptions options, String job) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "draft", ".tmp");
            Files.writeString(draft, job);
            Files.move(draft, entry(file, options), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    private Path entry(Path file, UploadOptions options) throws IOException {
        String what = String.join(
                "\n",
                client.resolve("/").toString(),
                file.toAbsolutePath().normalize().toString(),
                Long.toString(Files.size(file)),
                Files.getLastModifiedTime(file).toString(),
                options.processing().toString());
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash, 0, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
