package dev.claimcheck.upload;

import static dev.claimcheck.upload.UploadsOnDatabase.CONTENT;
import static dev.claimcheck.upload.UploadsOnDatabase.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How uploads end whose time is over, also where somebody else comes in between. */
class UploadEndsTest {
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
    void theLogTellsHowEachUploadEnded() throws InterruptedException {
        UploadSession whole = uploads.chunked();
        uploads.write(whole, 1, 2, 3);
        UploadSession unfinished = uploads.chunked();
        UploadSession calledOff = uploads.resumable(OptionalLong.of(CONTENT.length));
        UploadSession open = uploads.presigned(OptionalLong.empty());

        uploads.ways().housekeeping().handInWhole();
        uploads.ways().chunked().handIn(uploads.sessions().find(OWNER, whole.id()));
        uploads.sessions().callOff(calledOff);
        uploads.database()
                .useTransaction(
                        handle -> handle.createUpdate("UPDATE upload SET expires_at = now() WHERE upload_id = :id")
                                .bind("id", unfinished.id())
                                .execute());
        uploads.ways().housekeeping().endExpired();
        uploads.ways().housekeeping().endExpired();

        assertThat(uploads.told(whole)).containsExactly("upload.created", "upload.completed");
        assertThat(uploads.told(unfinished)).containsExactly("upload.created", "upload.expired");
        assertThat(uploads.told(calledOff)).containsExactly("upload.created", "upload.aborted");
        assertThat(uploads.told(open)).containsExactly("upload.created");
    }

    @Test
    void whatIsWholeIsHandedInWhenItsTimeIsOver() {
        UploadSession chunked = uploads.chunked();
        uploads.write(chunked, 1, 2, 3);
        UploadSession resumable = uploads.resumable(OptionalLong.of(CONTENT.length));
        uploads.append(resumable);
        UploadSession presigned = uploads.presigned(OptionalLong.empty());
        uploads.put(presigned);
        UploadSession unfinished = uploads.chunked();
        uploads.write(unfinished, 1, 3);
        UploadSession notArrived = uploads.presigned(OptionalLong.of(10));
        uploads.expireAll();

        uploads.ways().housekeeping().endExpired();

        assertThat(uploads.status(chunked)).isEqualTo("PENDING");
        assertThat(uploads.status(resumable)).isEqualTo("PENDING");
        assertThat(uploads.status(presigned)).isEqualTo("PENDING");
        assertThat(uploads.status(unfinished)).isEqualTo("EXPIRED");
        assertThat(uploads.status(notArrived)).isEqualTo("EXPIRED");
        assertThat(uploads.garbage())
                .contains(unfinished.object().key(), notArrived.object().key());
        assertThat(uploads.garbage())
                .doesNotContain(
                        chunked.object().key(),
                        resumable.object().key(),
                        presigned.object().key());
    }

    /** The housekeeping had read the record when the upload was handed in: its source must not be swept. */
    @Test
    void anUploadHandedInMeanwhileIsNotSwept() {
        UploadSession upload = uploads.chunked();
        uploads.write(upload, 1, 2, 3);
        uploads.ways().housekeeping().handInWhole();
        uploads.expireAll();

        uploads.sessions().endIfExpired(upload);
        uploads.sessions().end(upload);

        assertThat(uploads.status(upload)).isEqualTo("PENDING");
        assertThat(uploads.garbage()).doesNotContain(upload.object().key());
    }

    @Test
    void anUploadExtendedMeanwhileIsNotEnded() {
        UploadSession upload = uploads.chunked();
        uploads.expireAll();
        uploads.sessions().extend(upload.id(), Instant.now().plusSeconds(60));

        assertThat(uploads.sessions().endIfExpired(upload)).isFalse();

        assertThat(uploads.status(upload)).isEqualTo("UPLOADING");
    }

    @Test
    void anUploadEndedMeanwhileTakesNoChunkAndIsNotHandedIn() {
        UploadSession upload = uploads.chunked();
        uploads.write(upload, 1, 2);
        uploads.sessions().end(upload);

        assertThatThrownBy(() -> uploads.chunks().received(upload.id(), 3, 0, Instant.now()))
                .isInstanceOf(UploadRefused.class);
        assertThatThrownBy(() -> uploads.ways().chunked().put(OWNER, upload.id(), UploadsOnDatabase.lastChunk()))
                .isInstanceOf(UploadRefused.class);
        assertThat(uploads.status(upload)).isEqualTo("EXPIRED");
    }
}
