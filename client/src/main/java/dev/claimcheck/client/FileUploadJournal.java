package dev.claimcheck.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One small JSON file per upload, named after the hash of server, path and name; mode 600, replaced by an atomic rename. Beside it lies a lock file while a process
 * has the page open: the system lets go of it when that process dies, however it dies.
 */
final class FileUploadJournal implements UploadJournal {
    private static final int VERSION = 1;

    private final Path folder;

    FileUploadJournal(Path folder) {
        this.folder = folder;
    }

    static Path userFolder(Map<String, String> environment, Path home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        // The specification: a path that is not absolute is to be ignored.
        Path root = state.startsWith("/") ? Path.of(state) : home.resolve(".local/state");
        return root.resolve("claimcheck/uploads");
    }

    @Override
    public Page open(Subject subject) {
        String name = name(subject);
        try {
            Files.createDirectories(folder, ownersOnly("rwx------"));
            Path lock = folder.resolve(name + ".lock");
            FileChannel locked = lock(lock);
            if (locked == null) {
                throw new ClaimcheckException(
                        0,
                        ClaimcheckException.UPLOAD_IN_PROGRESS,
                        "Another process is uploading " + subject.file() + " to " + subject.server()
                                + " right now. Wait until it has ended.");
            }
            return new FilePage(subject, folder.resolve(name + ".json"), lock, locked);
        } catch (IOException e) {
            throw cannot("keep the upload journal in " + folder, e);
        }
    }

    /**
     * Null where somebody else has it. Who ends removes the file, so the file that was locked may not be the one that others will find any more; then it is tried again.
     */
    private static @Nullable FileChannel lock(Path lock) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(
                    lock, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ownersOnly("rw-------"));
            Object opened = identity(lock);
            @Nullable FileLock got = tryLock(channel);
            if (got == null) {
                channel.close();
                return null;
            }
            if (opened != null && Objects.equals(opened, identity(lock))) {
                return channel;
            }
            channel.close();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // Another upload of this same process.
        }
    }

    private static @Nullable Object identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key; // A file system without file keys removes no file that is open.
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    /** For the owner alone, where the file system knows owners. */
    private static FileAttribute<?>[] ownersOnly(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static UncheckedIOException cannot(String what, IOException cause) {
        return new UncheckedIOException("cannot " + what + ": " + cause.getMessage(), cause);
    }

    private static String name(Subject subject) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part :
                    new String[] {subject.server(), subject.file().toString(), subject.filename(), subject.wishes()}) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Held open by its lock. For one thread. */
    private record FilePage(Subject subject, Path file, Path lock, FileChannel locked) implements Page {
        @Override
        public Optional<Entry> read() {
            try {
                return entry(JsonMapper.shared().readTree(Files.readString(file)));
            } catch (NoSuchFileException _) {
                return Optional.empty();
            } catch (JacksonException | CharacterCodingException _) {
                return Optional.empty(); // Damaged: the upload begins anew and writes over it.
            } catch (IOException e) {
                throw cannot("read " + file, e);
            }
        }

        @Override
        public void write(Entry entry) {
            ObjectNode json = JsonMapper.shared()
                    .createObjectNode()
                    .put("version", VERSION)
                    .put("server", subject.server())
                    .put("file", subject.file().toString())
                    .put("filename", subject.filename())
                    .put("size", subject.size())
                    .put("modified", subject.modified().toString())
                    .put("wishes", subject.wishes())
                    .put("way", entry.way().name())
                    .put("idempotency_key", entry.idempotencyKey());
            entry.uploadId().ifPresent(id -> json.put("upload_id", id));
            try {
                Path draft = Files.createTempFile(file.getParent(), "draft", ".tmp", ownersOnly("rw-------"));
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(json.toString().getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw cannot("write " + file, e);
            }
        }

        @Override
        public void clear() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw cannot("remove " + file, e);
            }
        }

        @Override
        public void close() {
            try {
                Files.deleteIfExists(lock);
                locked.close();
            } catch (IOException e) {
                throw cannot("let go of " + lock, e);
            }
        }

        private Optional<Entry> entry(JsonNode json) {
            boolean ours = json.path("version").asInt(0) == VERSION
                    && json.path("server").asString("").equals(subject.server())
                    && json.path("file").asString("").equals(subject.file().toString())
                    && json.path("filename").asString("").equals(subject.filename())
                    && json.path("wishes").asString("").equals(subject.wishes())
                    && json.path("size").asLong(-1) == subject.size()
                    && json.path("modified")
                            .asString("")
                            .equals(subject.modified().toString());
            Optional<UploadWay> way = Arrays.stream(UploadWay.values())
                    .filter(one -> one != UploadWay.AUTO
                            && one.name().equals(json.path("way").asString("")))
                    .findFirst();
            String key = json.path("idempotency_key").asString("");
            if (!ours || way.isEmpty() || key.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Entry(
                    way.get(),
                    key,
                    json.path("upload_id").isString()
                            ? Optional.of(json.path("upload_id").asString())
                            : Optional.empty()));
        }
    }
}
