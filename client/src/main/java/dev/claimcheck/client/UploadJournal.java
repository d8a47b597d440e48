package dev.claimcheck.client;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Where resumable uploads are written down, so that another run of the program can go on where the last one ended, however it ended. What has arrived is not written:
 * the service knows that best. Implementations are thread-safe.
 */
public interface UploadJournal {
    /**
     * Opens the page of one upload, for this process alone.
     *
     * @throws ClaimcheckException UPLOAD_IN_PROGRESS where another process has it open
     * @throws java.io.UncheckedIOException where the journal cannot be kept
     */
    Page open(Subject subject);

    /**
     * What identifies an upload.
     *
     * @param server the service's address
     * @param file absolute
     * @param filename the name that the service is told
     * @param size of the file, in bytes
     * @param modified when the file was changed last
     * @param wishes what is to be made of it; other wishes are another upload
     */
    record Subject(String server, Path file, String filename, long size, Instant modified, String wishes) {}

    /**
     * An upload that has begun. Never holds a key or a signed address.
     *
     * @param way never {@link UploadWay#AUTO}
     * @param idempotencyKey under which it was opened: asking again with it opens no second one
     * @param uploadId the service's name of it; empty where the answer has not come yet
     */
    record Entry(UploadWay way, String idempotencyKey, Optional<String> uploadId) {}

    /** What is written of one upload. Closing it lets other processes at it and changes nothing. */
    interface Page extends AutoCloseable {
        /** The upload that was begun and not ended; empty where there is none, or the file has changed since. */
        Optional<Entry> read();

        /** Writes it in one step: after a crash either the old or the new is there. */
        void write(Entry entry);

        /** The upload has ended. */
        void clear();

        @Override
        void close();
    }

    /** A journal of small files in that folder, which is made when it is needed, for its owner's eyes only. */
    static UploadJournal inFolder(Path folder) {
        return new FileUploadJournal(folder);
    }

    /**
     * The journal of this user: {@code $XDG_STATE_HOME/claimcheck/uploads}, or {@code ~/.local/state/claimcheck/uploads} (XDG Base Directory
     * Specification).
     */
    static UploadJournal ofUser() {
        return inFolder(FileUploadJournal.userFolder(System.getenv(), Path.of(System.getProperty("user.home"))));
    }
}
