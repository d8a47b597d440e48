package dev.claimcheck.operations;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The folder of everything a service keeps, held by one process at a time. */
public final class DataFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel channel;

    private DataFolder(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Makes the folder where it is missing and locks it.
     *
     * @throws IOException when it cannot be used; the message says why and what to do
     */
    public static DataFolder open(Path root) throws IOException {
        Files.createDirectories(root);
        FileChannel channel =
                FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(channel) == null) {
            channel.close();
            throw new IOException(
                    "another service is using " + root + "; stop it first, or choose another folder with --data");
        }
        return new DataFolder(root, channel);
    }

    /** Where it is. */
    public Path root() {
        return root;
    }

    /** The name of this folder's worker: the same after each restart, and nobody else's. */
    public String workerName() throws IOException {
        Path file = root.resolve("worker-name");
        if (!Files.exists(file)) {
            writeAtomically(file, "worker-" + UUID.randomUUID());
        }
        return Files.readString(file).strip();
    }

    /** Says where the service listens, for command lines on the same machine. */
    public void announce(String url) throws IOException {
        writeAtomically(
                root.resolve("server.json"),
                "{\"url\":\"" + url + "\",\"pid\":" + ProcessHandle.current().pid() + "}\n");
    }

    /** Lets another process use the folder. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(root.resolve("server.json"));
        channel.close();
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null;
        }
    }

    private static void writeAtomically(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
