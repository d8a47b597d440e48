package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.storage.ObjectStore;
import java.time.InstantSource;

/**
 * Every way in that takes more than one request, put together.
 *
 * @param resumable in order, going on after a cut
 * @param chunked numbered chunks in any order
 * @param presigned one PUT to a signed URL
 * @param instant a proof instead of a transfer
 * @param settings the limits that all of them keep
 */
public record UploadWays(
        ResumableUploads resumable,
        ChunkedUploads chunked,
        PresignedUploads presigned,
        InstantUploads instant,
        UploadHousekeeping housekeeping,
        UploadSettings settings)
        implements AutoCloseable {

    /** Puts them together and starts their housekeeping. */
    public static UploadWays open(
            Database database,
            ObjectStore store,
            FirstSteps firstSteps,
            UploadSigner signer,
            UploadSettings settings,
            InstantSource clock) {
        UploadSessions sessions = new UploadSessions(database);
        RunningHashes hashes = new RunningHashes(settings.hashWhileStreaming());
        UploadClaims claims = new UploadClaims();
        UploadOpening opening = new UploadOpening(sessions, store, settings, clock);
        UploadCompletion completion = new UploadCompletion(sessions, store, firstSteps, hashes);
        UploadJoining joining = new UploadJoining(sessions, opening, completion, store, claims);
        PresignedUploads presigned =
                new PresignedUploads(sessions, opening, completion, store, signer, hashes, settings, clock);
        return new UploadWays(
                new ResumableUploads(sessions, opening, completion, joining, store, settings, hashes, claims),
                new ChunkedUploads(sessions, opening, completion, store, claims),
                presigned,
                new InstantUploads(database, clock),
                new UploadHousekeeping(database, sessions, completion, joining, presigned, store, clock),
                settings);
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
