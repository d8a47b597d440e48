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
 * @param signedPuts that PUT, where it goes to this server
 * @param instant a proof instead of a transfer
 * @param settings the limits that all of them keep
 */
public record UploadWays(
        ResumableUploads resumable,
        ChunkedUploads chunked,
        PresignedUploads presigned,
        SignedPuts signedPuts,
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
        UploadAppending appending = new UploadAppending(sessions, opening, store, settings, hashes, clock);
        UploadJoining joining = new UploadJoining(sessions, opening, completion, store, claims);
        OpenUploads open = new OpenUploads(database);
        UploadChunks chunks = new UploadChunks(database);
        PresignedUploads presigned =
                new PresignedUploads(sessions, open, opening, completion, store, signer, hashes, settings, clock);
        ChunkedUploads chunked =
                new ChunkedUploads(sessions, chunks, opening, completion, store, claims, settings, clock);
        // Before the first upload is taken in: what open ones were promised must not be promised again.
        open.promised()
                .forEach(promised -> store.resume(
                        promised.session().object(), promised.session().length().orElseThrow(), promised.come()));
        return new UploadWays(
                new ResumableUploads(sessions, opening, completion, joining, appending, hashes, claims),
                chunked,
                presigned,
                new SignedPuts(sessions, opening, store, signer, hashes, claims, settings, clock),
                new InstantUploads(database, clock),
                new UploadHousekeeping(
                        database,
                        sessions,
                        open,
                        chunks,
                        completion,
                        chunked,
                        presigned,
                        joining,
                        hashes,
                        store,
                        settings.orphanAge(),
                        clock),
                settings);
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
