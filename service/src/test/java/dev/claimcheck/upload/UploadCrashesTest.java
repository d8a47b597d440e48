package dev.claimcheck.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFolder;
import dev.claimcheck.storage.filesystem.FileSystemObjectStore;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Every moment in which a process can die or somebody else can come in between: what is left of it, and what becomes of that. On a real Postgres. */
class UploadCrashesTest {
    private static final OwnerId OWNER = new OwnerId("alice");
    private static final byte[] CONTENT = "0123456789".getBytes(UTF_8);

    @TempDir
    Path folder;

    private Database database;
    private ObjectStore store;
    private UploadWays ways;
    private UploadSessions sessions;
    private UploadChunks chunks;

    @BeforeEach
    void open() throws Exception {
        database = TestDatabase.open();
        store = FileSystemObjectStore.open(folder.resolve("objects"), 0, false);
        sessions = new UploadSessions(database);
        chunks = new UploadChunks(database);
        Files.createDirectories(folder.resolve("spool"));
        ways = start();
    }

    @AfterEach
    void close() {
        ways.close();
        database.close();
    }

    @Test
    void diedBetweenTheLastChunksRecordAndTheJobsStart() {
        UploadSession upload = chunked(CONTENT.length, 4);
        write(upload, 1, 2, 3);
        assertThat(status(upload)).isEqualTo("UPLOADING");

        ways.housekeeping().handInWhole();

        assertThat(status(upload)).isEqualTo("PENDING");
        assertThat(read(upload)).isEqualTo("0123456789");
    }

    @Test
    void aClientThatLooksHasItHandedInAtOnce() throws InterruptedException {
        UploadSession upload = chunked(CONTENT.length, 4);
        write(upload, 1, 2, 3);

        assertThat(ways.chunked().find(OWNER, upload.id()).complete()).isTrue();

        assertThat(status(upload)).isEqualTo("PENDING");
    }

    @Test
    void diedBetweenTheObjectsCompletionAndTheRecords() throws InterruptedException {
        UploadSession upload = chunked(CONTENT.length, 4);
        write(upload, 1, 2, 3);
        store.complete(upload.object(), CONTENT.length);

        ways.chunked().find(OWNER, upload.id());

        assertThat(status(upload)).isEqualTo("PENDING");
        assertThat(read(upload)).isEqualTo("0123456789");
    }

    @Test
    void theLogTellsHowEachUploadEnded() throws InterruptedException {
        UploadSession whole = chunked(CONTENT.length, 4);
        write(whole, 1, 2, 3);
        UploadSession unfinished = chunked(CONTENT.length, 4);
        UploadSession calledOff = ways.resumable().create(start(OptionalLong.of(CONTENT.length)), null);
        UploadSession open =
                ways.presigned().create(start(OptionalLong.empty())).session();

        ways.housekeeping().handInWhole();
        ways.chunked().handIn(sessions.find(OWNER, whole.id()));
        sessions.callOff(calledOff);
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE upload SET expires_at = now() WHERE upload_id = :id")
                        .bind("id", unfinished.id())
                        .execute());
        ways.housekeeping().endExpired();
        ways.housekeeping().endExpired();

        assertThat(told(whole)).containsExactly("upload.created", "upload.completed");
        assertThat(told(unfinished)).containsExactly("upload.created", "upload.expired");
        assertThat(told(calledOff)).containsExactly("upload.created", "upload.aborted");
        assertThat(told(open)).containsExactly("upload.created");
    }

    @Test
    void whatIsWholeIsHandedInWhenItsTimeIsOver() {
        UploadSession chunked = chunked(CONTENT.length, 4);
        write(chunked, 1, 2, 3);
        UploadSession resumable = ways.resumable().create(start(OptionalLong.of(CONTENT.length)), null);
        append(resumable);
        UploadSession presigned =
                ways.presigned().create(start(OptionalLong.empty())).session();
        put(presigned, CONTENT);
        UploadSession unfinished = chunked(CONTENT.length, 4);
        write(unfinished, 1, 3);
        UploadSession notArrived =
                ways.presigned().create(start(OptionalLong.of(10))).session();
        expireAll();

        ways.housekeeping().endExpired();

        assertThat(status(chunked)).isEqualTo("PENDING");
        assertThat(status(resumable)).isEqualTo("PENDING");
        assertThat(status(presigned)).isEqualTo("PENDING");
        assertThat(status(unfinished)).isEqualTo("EXPIRED");
        assertThat(status(notArrived)).isEqualTo("EXPIRED");
        assertThat(garbage())
                .contains(unfinished.object().key(), notArrived.object().key());
        assertThat(garbage())
                .doesNotContain(
                        chunked.object().key(),
                        resumable.object().key(),
                        presigned.object().key());
    }

    @Test
    void oneUploadInTroubleDoesNotKeepTheOthersFromBeingLookedAfter() throws Exception {
        UploadSession trouble = chunked(CONTENT.length, 4);
        write(trouble, 1, 2, 3);
        Files.delete(folder.resolve("objects/.partial/" + trouble.object().key().replace('/', '~')));
        UploadSession good = chunked(CONTENT.length, 4);
        write(good, 1, 2, 3);

        ways.housekeeping().handInWhole();
        assertThat(status(good)).isEqualTo("PENDING");

        UploadSession later = chunked(CONTENT.length, 4);
        expireAll();
        ways.housekeeping().endExpired();
        assertThat(status(later)).isEqualTo("EXPIRED");
        assertThat(status(trouble)).as("not thrown away for it").isEqualTo("UPLOADING");
    }

    /** The housekeeping had read the record when the upload was handed in: its source must not be swept. */
    @Test
    void anUploadHandedInMeanwhileIsNotSwept() {
        UploadSession upload = chunked(CONTENT.length, 4);
        write(upload, 1, 2, 3);
        ways.housekeeping().handInWhole();
        expireAll();

        sessions.endIfExpired(upload);
        sessions.end(upload);

        assertThat(status(upload)).isEqualTo("PENDING");
        assertThat(garbage()).doesNotContain(upload.object().key());
    }

    @Test
    void anUploadExtendedMeanwhileIsNotEnded() {
        UploadSession upload = chunked(CONTENT.length, 4);
        expireAll();
        sessions.extend(upload.id(), Instant.now().plusSeconds(60));

        assertThat(sessions.endIfExpired(upload)).isFalse();

        assertThat(status(upload)).isEqualTo("UPLOADING");
    }

    @Test
    void anUploadEndedMeanwhileTakesNoChunkAndIsNotHandedIn() {
        UploadSession upload = chunked(CONTENT.length, 4);
        write(upload, 1, 2);
        sessions.end(upload);

        assertThatThrownBy(() -> chunks.received(upload.id(), 3, 0, Instant.now()))
                .isInstanceOf(UploadRefused.class);
        assertThatThrownBy(() -> ways.chunked().put(OWNER, upload.id(), chunk(3)))
                .isInstanceOf(UploadRefused.class);
        assertThat(status(upload)).isEqualTo("EXPIRED");
    }

    @Test
    void anObjectOfAnotherSizeThanAnnouncedIsRefusedAndNothingIsLeft() {
        UploadSession upload =
                ways.presigned().create(start(OptionalLong.of(11))).session();
        put(upload, CONTENT);
        JobId job = upload.jobId().orElseThrow();

        assertThatThrownBy(() ->
                        ways.presigned().complete(OWNER, job, upload.object().key()))
                .isInstanceOf(UploadRefused.class)
                .hasMessageContaining("11 bytes were announced, but 10 came");

        assertThat(status(upload)).isEqualTo("EXPIRED");
        assertThat(garbage()).contains(upload.object().key());
        assertThatThrownBy(() ->
                        ways.presigned().complete(OWNER, job, upload.object().key()))
                .hasMessageContaining("no upload");
    }

    /** Old ones whose object never comes must not stand before those whose object has. */
    @Test
    void hundredsThatAreGivenUpDoNotHideOneThatHasCome() {
        for (int number = 0; number < 520; number++) {
            ways.presigned().create(start(OptionalLong.empty()));
        }
        UploadSession come =
                ways.presigned().create(start(OptionalLong.empty())).session();
        put(come, CONTENT);
        database.useTransaction(handle ->
                handle.createUpdate("UPDATE upload SET look_at = created_at").execute());

        ways.presigned().completeForgotten();
        ways.presigned().completeForgotten();

        assertThat(status(come)).isEqualTo("PENDING");
    }

    @Test
    void promisesOfRoomOutliveTheProcess() {
        UploadSession chunked = chunked(CONTENT.length, 4);
        write(chunked, 1, 3);
        UploadSession resumable = ways.resumable().create(start(OptionalLong.of(100)), null);
        append(resumable);
        ways.presigned().create(start(OptionalLong.of(1_000)));
        UploadSession arrived =
                ways.presigned().create(start(OptionalLong.of(10))).session();
        put(arrived, CONTENT);
        ways.resumable().create(start(OptionalLong.empty()), null);
        ways.close();

        store = FileSystemObjectStore.open(folder.resolve("objects"), 0, false);
        ways = start();

        assertThat(store.space().orElseThrow().reserved()).isEqualTo(4 + 90 + 1_000);
    }

    private UploadWays start() {
        return UploadWays.open(
                database,
                store,
                new FirstSteps() {
                    @Override
                    public PlannedStep known() {
                        return new PlannedStep(
                                "metadata",
                                "metadata",
                                QueueName.METADATA,
                                true,
                                List.of(),
                                1,
                                JsonMapper.shared().createObjectNode());
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

    private UploadSession chunked(long total, long chunk) {
        return ways.chunked().start(start(OptionalLong.of(total)), OptionalLong.of(chunk));
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

    /** As a process does that dies before it looks whether that was the last. */
    private void write(UploadSession upload, int... numbers) {
        for (int number : numbers) {
            int size = upload.sizeOfChunk(number).orElseThrow();
            try (PartialWriter writer = store.chunk(upload.object(), number, (number - 1) * 4L, size)) {
                writer.write(ByteBuffer.wrap(CONTENT, (number - 1) * 4, size));
                writer.keep();
            }
            chunks.received(upload.id(), number, 0, Instant.now());
        }
    }

    private void append(UploadSession upload) {
        try (PartialWriter writer = store.append(upload.object(), 0)) {
            writer.write(ByteBuffer.wrap(CONTENT));
            writer.keep();
        }
    }

    private void put(UploadSession upload, byte[] bytes) {
        try (var writer = store.create(upload.object().key())) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        }
        store.release(upload.object().key());
    }

    private static ChunkedUploads.Chunk chunk(int number) {
        return new ChunkedUploads.Chunk(number, OptionalLong.empty(), Optional.empty(), new UploadBody() {
            @Override
            public void read(java.util.function.Consumer<ByteBuffer> consumer) {
                consumer.accept(ByteBuffer.wrap(CONTENT, (number - 1) * 4, 2));
            }

            @Override
            public void cancel() {}
        });
    }

    private void expireAll() {
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE upload SET expires_at = now() - interval '1 second'")
                        .execute());
    }

    private String status(UploadSession upload) {
        return database.withHandle(handle -> handle.createQuery("SELECT status FROM job WHERE job_id = :job")
                .bind("job", upload.jobId().orElseThrow().value())
                .mapTo(String.class)
                .one());
    }

    /** What the log says of the upload. */
    private List<String> told(UploadSession upload) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT type FROM event WHERE job_id = :job AND data ->> 'upload_id' = :id ORDER BY event_id")
                .bind("job", upload.jobId().orElseThrow().value())
                .bind("id", upload.id().toString())
                .mapTo(String.class)
                .list());
    }

    private List<String> garbage() {
        return database.withHandle(handle -> handle.createQuery("SELECT prefix FROM garbage")
                .mapTo(String.class)
                .list());
    }

    private String read(UploadSession upload) {
        try {
            return Files.readString(
                    folder.resolve("objects").resolve(upload.object().key()));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
