package dev.claimcheck.upload;

import static dev.claimcheck.upload.UploadsOnDatabase.CONTENT;
import static dev.claimcheck.upload.UploadsOnDatabase.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.job.JobId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every moment in which a process can die, and what fails for good: what is left of it, and what becomes of that. */
class UploadCrashesTest {
    @TempDir
    Path folder;

    private UploadsOnDatabase uploads;

    @BeforeEach
    void open() throws Exception {
        uploads = new UploadsOnDatabase(folder);
    }

    @AfterEach
    void close() {
        uploads.close();
    }

    @Test
    void diedBetweenTheLastChunksRecordAndTheJobsStart() {
        UploadSession upload = uploads.chunked();
        uploads.write(upload, 1, 2, 3);
        assertThat(uploads.status(upload)).isEqualTo("UPLOADING");

        uploads.ways().housekeeping().handInWhole();

        assertThat(uploads.status(upload)).isEqualTo("PENDING");
        assertThat(uploads.read(upload)).isEqualTo("0123456789");
    }

    @Test
    void aClientThatLooksHasItHandedInAtOnce() throws InterruptedException {
        UploadSession upload = uploads.chunked();
        uploads.write(upload, 1, 2, 3);

        assertThat(uploads.ways().chunked().find(OWNER, upload.id()).complete()).isTrue();

        assertThat(uploads.status(upload)).isEqualTo("PENDING");
    }

    @Test
    void diedBetweenTheObjectsCompletionAndTheRecords() throws InterruptedException {
        UploadSession upload = uploads.chunked();
        uploads.write(upload, 1, 2, 3);
        uploads.store().complete(upload.object(), CONTENT.length);

        uploads.ways().chunked().find(OWNER, upload.id());

        assertThat(uploads.status(upload)).isEqualTo("PENDING");
        assertThat(uploads.read(upload)).isEqualTo("0123456789");
    }

    @Test
    void oneUploadInTroubleDoesNotKeepTheOthersFromBeingLookedAfter() throws Exception {
        UploadSession trouble = uploads.chunked();
        uploads.write(trouble, 1, 2, 3);
        Files.delete(folder.resolve("objects/.partial/" + trouble.object().key().replace('/', '~')));
        UploadSession good = uploads.chunked();
        uploads.write(good, 1, 2, 3);

        uploads.ways().housekeeping().handInWhole();
        assertThat(uploads.status(good)).isEqualTo("PENDING");

        UploadSession later = uploads.chunked();
        uploads.expireAll();
        uploads.ways().housekeeping().endExpired();
        assertThat(uploads.status(later)).isEqualTo("EXPIRED");
        assertThat(uploads.status(trouble)).as("not thrown away for it").isEqualTo("UPLOADING");
    }

    @Test
    void anObjectOfAnotherSizeThanAnnouncedIsRefusedAndNothingIsLeft() {
        UploadSession upload = uploads.presigned(OptionalLong.of(11));
        uploads.put(upload);
        JobId job = upload.jobId().orElseThrow();

        assertThatThrownBy(() -> uploads.ways()
                        .presigned()
                        .complete(OWNER, job, upload.object().key()))
                .isInstanceOf(UploadRefused.class)
                .hasMessageContaining("11 bytes were announced, but 10 came");

        assertThat(uploads.status(upload)).isEqualTo("EXPIRED");
        assertThat(uploads.garbage()).contains(upload.object().key());
        assertThatThrownBy(() -> uploads.ways()
                        .presigned()
                        .complete(OWNER, job, upload.object().key()))
                .hasMessageContaining("no upload");
    }

    /** Old ones whose object never comes must not stand before those whose object has. */
    @Test
    void hundredsThatAreGivenUpDoNotHideOneThatHasCome() {
        for (int number = 0; number < 520; number++) {
            uploads.presigned(OptionalLong.empty());
        }
        UploadSession come = uploads.presigned(OptionalLong.empty());
        uploads.put(come);
        uploads.database()
                .useTransaction(handle -> handle.createUpdate("UPDATE upload SET look_at = created_at")
                        .execute());

        uploads.ways().presigned().completeForgotten();
        uploads.ways().presigned().completeForgotten();

        assertThat(uploads.status(come)).isEqualTo("PENDING");
    }

    @Test
    void promisesOfRoomOutliveTheProcess() {
        UploadSession chunked = uploads.chunked();
        uploads.write(chunked, 1, 3);
        UploadSession resumable = uploads.resumable(OptionalLong.of(100));
        uploads.append(resumable);
        uploads.presigned(OptionalLong.of(1_000));
        UploadSession arrived = uploads.presigned(OptionalLong.of(10));
        uploads.put(arrived);
        uploads.resumable(OptionalLong.empty());

        uploads.restart();

        assertThat(uploads.store().space().orElseThrow().reserved()).isEqualTo(4 + 90 + 1_000);
    }
}
