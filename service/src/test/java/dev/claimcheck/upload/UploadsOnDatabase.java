package dev.claimcheck.upload;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.queue.JobsOnDatabase;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFolder;
import dev.claimcheck.storage.filesystem.FileSystemObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One owner's uploads of the same ten bytes, on a real Postgres and in a folder: begun as clients do, and received as far as a test wants. Not thread-safe. */
final class UploadsOnDatabase implements AutoCloseable {
    static final OwnerId OWNER = new OwnerId("alice");
    static final byte[] CONTENT = "0123456789".getBytes(UTF_8);
    private static final int CHUNK = 4;

    private final Database database = TestDatabase.open();
    private final UploadSessions sessions = new UploadSessions(database);
    private final UploadChunks chunks = new UploadChunks(database);
    private final Path folder;
    private ObjectStore store;
    private UploadWays ways;

    UploadsOnDatabase(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("spool"));
        store = openStore(folder);
        ways = openWays(database, store, folder);
    }

    @Override
    public void close() {
        ways.close();
        database.close();
    }

    /** Another process takes the place of this one. */
    void restart() {
        ways.close();
        store = openStore(folder);
        ways = openWays(database, store, folder);
    }

    Database database() {
        return database;
    }

    ObjectStore store() {
        return store;
    }

    UploadWays ways() {
        return ways;
    }

    UploadSessions sessions() {
        return sessions;
    }

    UploadChunks chunks() {
        return chunks;
    }

    // ---- begun

    /** In three chunks: 4, 4 and 2 bytes. */
    UploadSession chunked() {
        return ways.chunked().start(start(OptionalLong.of(CONTENT.length)), OptionalLong.of(CHUNK));
    }

    UploadSession resumable(OptionalLong length) {
        return ways.resumable().create(start(length), null);
    }

    UploadSession presigned(OptionalLong length) {
        return ways.presigned().create(start(length)).session();
    }

    // ---- received

    /** As a process does that dies before it looks whether that was the last. */
    void write(UploadSession upload, int... numbers) {
        for (int number : numbers) {
            int offset = (number - 1) * CHUNK;
            int size = upload.sizeOfChunk(number).orElseThrow();
            try (PartialWriter writer = store.chunk(upload.object(), number, offset, size)) {
                writer.write(ByteBuffer.wrap(CONTENT, offset, size));
                writer.keep();
            }
            chunks.received(upload.id(), number, 0, Instant.now());
        }
    }

    void append(UploadSession upload) {
        try (PartialWriter writer = store.append(upload.object(), 0)) {
            writer.write(ByteBuffer.wrap(CONTENT));
            writer.keep();
        }
    }

    void put(UploadSession upload) {
        try (var writer = store.create(upload.object().key())) {
            writer.write(ByteBuffer.wrap(CONTENT));
            writer.commit();
        }
        store.release(upload.object().key());
    }

    /** The third one as a client sends it. */
    static ChunkedUploads.Chunk lastChunk() {
        return new ChunkedUploads.Chunk(3, OptionalLong.empty(), Optional.empty(), new UploadBody() {
            @Override
            public void read(Consumer<ByteBuffer> consumer) {
                consumer.accept(ByteBuffer.wrap(CONTENT, 2 * CHUNK, 2));
            }

            @Override
            public void cancel() {}
        });
    }

    void expireAll() {
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE upload SET expires_at = now() - interval '1 second'")
                        .execute());
    }

    // ---- seen

    String status(UploadSession upload) {
        return database.withHandle(handle -> handle.createQuery("SELECT status FROM job WHERE job_id = :job")
                .bind("job", upload.jobId().orElseThrow().value())
                .mapTo(String.class)
                .one());
    }

    /** What the log says of the upload. */
    List<String> told(UploadSession upload) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT type FROM event WHERE job_id = :job AND data ->> 'upload_id' = :id ORDER BY event_id")
                .bind("job", upload.jobId().orElseThrow().value())
                .bind("id", upload.id().toString())
                .mapTo(String.class)
                .list());
    }

    List<String> garbage() {
        return database.withHandle(handle -> handle.createQuery("SELECT prefix FROM garbage")
                .mapTo(String.class)
                .list());
    }

    String read(UploadSession upload) {
        try {
            return Files.readString(
                    folder.resolve("objects").resolve(upload.object().key()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectStore openStore(Path folder) {
        return FileSystemObjectStore.open(folder.resolve("objects"), 0, false);
    }

    private static UploadWays openWays(Database database, ObjectStore store, Path folder) {
        return UploadWays.open(
                database,
                store,
                new FirstSteps() {
                    @Override
                    public PlannedStep known() {
                        return JobsOnDatabase.step("metadata", true);
                    }

                    @Override
                    public PlannedStep unknown(Optional<Digest> announced) {
                        return known();
                    }
                },
                new UploadSigner(new byte[32]),
                new UploadSettings(
                        1_000_000,
                        Duration.ofHours(1),
                        true,
                        Duration.ofHours(1),
                        SpoolFolder.open(folder.resolve("spool"), 0),
                        new ContentTypes(List.of("*/*"))),
                InstantSource.system());
    }

    private static UploadStart start(OptionalLong length) {
        return new UploadStart(
                OWNER,
                FileName.of("clip.mp4"),
                nothing(),
                new Processing("web", JobOptions.NONE),
                Priority.NORMAL,
                length,
                Optional.empty());
    }

    private static @Nullable String nothing() {
        return null;
    }
}
