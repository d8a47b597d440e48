package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.job.UploadProof.ByteRange;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Uploads that need no transfer: the client proves that it has a file which its owner uploaded before, by the hash of random ranges of it. Knowing the file's own
 * hash proves nothing. Every question is asked once and answered once. All of it looks at the owner's own jobs alone, so nothing about others can be told, by
 * answer or by timing. Thread-safe.
 */
public final class InstantUploads {
    private static final Duration TIME_TO_ANSWER = Duration.ofMinutes(5);

    private static final String TAKE_QUESTION = """
            DELETE FROM upload_proof p USING (
                SELECT q.job_id, q.ordinal FROM job j JOIN upload_proof q USING (job_id)
                WHERE j.owner = :owner AND j.content_sha256 = :sha256 AND j.filename = :filename AND j.size_bytes = :size AND j.profile = :profile
                  AND j.status IN ('PENDING', 'IN_PROGRESS', 'COMPLETED')
                ORDER BY q.ordinal LIMIT 1 FOR UPDATE OF q SKIP LOCKED
            ) AS next
            WHERE p.job_id = next.job_id AND p.ordinal = next.ordinal
            RETURNING p.job_id, p.ranges, p.answer
            """;

    private static final String ASK = """
            INSERT INTO upload_challenge (challenge_id, owner, job_id, answer, expires_at) VALUES (:id, :owner, :job, :answer, :expires_at)
            """;

    private static final String TAKE_ANSWER = """
            DELETE FROM upload_challenge WHERE challenge_id = :id AND owner = :owner AND expires_at > now() RETURNING job_id, answer
            """;

    private final Database database;
    private final InstantSource clock;

    InstantUploads(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A question: the SHA-256 of these ranges of the file, one after the other. */
    public record Challenge(UUID id, List<ByteRange> ranges, Instant expiresAt) {}

    private record Question(UUID job, String ranges, Digest answer) {}

    private record Asked(UUID job, Digest answer) {}

    /**
     * Asks for the proof.
     *
     * @throws UploadRefused NOT_KNOWN where the owner has no job of that content, name and profile, or every question was asked already
     */
    public Challenge ask(OwnerId owner, FileName name, String profile, long size, Digest sha256) {
        UUID id = UUID.randomUUID();
        Instant expiry = clock.instant().plus(TIME_TO_ANSWER);
        Question question = database.inTransaction(handle -> {
            Question taken = take(handle, owner, name, profile, size, sha256);
            handle.createUpdate(ASK)
                    .bind("id", id)
                    .bind("owner", owner.value())
                    .bind("job", taken.job())
                    .bind("answer", taken.answer().bytes())
                    .bind("expires_at", expiry)
                    .execute();
            return taken;
        });
        List<ByteRange> ranges =
                JsonMapper.shared().readValue(question.ranges(), new TypeReference<List<ByteRange>>() {});
        return new Challenge(id, ranges, expiry);
    }

    /**
     * Checks the proof; it is used up by that.
     *
     * @throws UploadRefused NOT_FOUND for a question that was not asked or is too old, NOT_PROVEN for a wrong answer
     */
    public Submission.Existing prove(OwnerId owner, UUID challenge, Digest answer) {
        Asked asked = database.inTransaction(handle -> handle.createQuery(TAKE_ANSWER)
                        .bind("id", challenge)
                        .bind("owner", owner.value())
                        .map((row, _) ->
                                new Asked(row.getObject("job_id", UUID.class), Digest.of(row.getBytes("answer"))))
                        .findOne())
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_FOUND, "There is no such challenge any more. Ask for a new one."));
        if (!MessageDigest.isEqual(asked.answer().bytes(), answer.bytes())) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_PROVEN,
                    "That is not the hash of these ranges of the file. Upload the file instead.");
        }
        JobStatus status = database.withHandle(
                        handle -> handle.createQuery("SELECT status FROM job WHERE job_id = :job")
                                .bind("job", asked.job())
                                .mapTo(String.class)
                                .findOne())
                .map(JobStatus::valueOf)
                .orElseThrow(InstantUploads::notKnown);
        return new Submission.Existing(new JobId(asked.job()), status);
    }

    private static Question take(
            Handle handle, OwnerId owner, FileName name, String profile, long size, Digest sha256) {
        return handle.createQuery(TAKE_QUESTION)
                .bind("owner", owner.value())
                .bind("sha256", sha256.bytes())
                .bind("filename", name.text())
                .bind("size", size)
                .bind("profile", profile)
                .map((row, _) -> new Question(
                        row.getObject("job_id", UUID.class),
                        row.getString("ranges"),
                        Digest.of(row.getBytes("answer"))))
                .findOne()
                .orElseThrow(InstantUploads::notKnown);
    }

    private static UploadRefused notKnown() {
        return new UploadRefused(
                UploadRefused.Reason.NOT_KNOWN, "No upload of this file can be used again. Send the file.");
    }
}
