package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Submission;
import dev.claimcheck.job.UploadProof.ByteRange;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Uploads that need no transfer: the client proves that it has a file which its owner uploaded before, by the hash of random ranges of it. Knowing the file's own
 * hash proves nothing. Every question is answered once; how many there are, and when there are new ones, is told by {@code UploadProofs}. All of it looks at the owner's own jobs alone, so nothing about others can be told, by
 * answer or by timing. Thread-safe.
 */
public final class InstantUploads {
    private static final Duration TIME_TO_ANSWER = Duration.ofMinutes(5);

    /** Takes the question that was asked longest ago, or never. One that is being asked is nobody else's. */
    private static final String ASK = """
            UPDATE upload_proof p SET challenge_id = :id, asked_until = :until FROM (
                SELECT q.proof_id FROM job j JOIN upload_proof q USING (job_id)
                WHERE j.owner = :owner AND j.content_sha256 = :sha256 AND j.filename = :filename AND j.size_bytes = :size AND j.profile = :profile
                  AND j.options = CAST(:options AS jsonb)
                  AND j.status IN ('PENDING', 'IN_PROGRESS', 'COMPLETED') AND (q.asked_until IS NULL OR q.asked_until <= now())
                ORDER BY q.asked_until NULLS FIRST, q.proof_id LIMIT 1 FOR UPDATE OF q SKIP LOCKED
            ) AS next
            WHERE p.proof_id = next.proof_id
            RETURNING p.ranges
            """;

    private static final String TAKE_ANSWER = """
            DELETE FROM upload_proof p USING job j
            WHERE p.challenge_id = :id AND p.asked_until > now() AND j.job_id = p.job_id AND j.owner = :owner
            RETURNING p.job_id, p.answer, j.status
            """;

    private final Database database;
    private final InstantSource clock;

    InstantUploads(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A question: the SHA-256 of these ranges of the file, one after the other. */
    public record Challenge(UUID id, List<ByteRange> ranges, Instant expiresAt) {}

    private record Asked(JobId job, Digest answer, JobStatus status) {}

    /**
     * Asks for the proof.
     *
     * @throws UploadRefused NOT_KNOWN where the owner has no job of that content, name, profile and options, or every question was used up
     */
    public Challenge ask(OwnerId owner, FileName name, Processing processing, long size, Digest sha256) {
        UUID id = UUID.randomUUID();
        Instant expiry = clock.instant().plus(TIME_TO_ANSWER);
        String ranges = database.inTransaction(handle -> handle.createQuery(ASK)
                        .bind("id", id)
                        .bind("until", expiry)
                        .bind("owner", owner.value())
                        .bind("sha256", sha256.bytes())
                        .bind("filename", name.text())
                        .bind("size", size)
                        .bind("profile", processing.profile())
                        .bind("options", processing.options().toJson().toString())
                        .mapTo(String.class)
                        .findOne())
                .orElseThrow(InstantUploads::notKnown);
        return new Challenge(
                id, JsonMapper.shared().readValue(ranges, new TypeReference<List<ByteRange>>() {}), expiry);
    }

    /**
     * Checks the proof. Right or wrong, the question is used up by that.
     *
     * @throws UploadRefused NOT_FOUND for a question that was not asked or is too old, NOT_PROVEN for a wrong answer, NOT_KNOWN where the job has ended
     *     otherwise meanwhile
     */
    public Submission.Existing prove(OwnerId owner, UUID challenge, Digest answer) {
        Asked asked = database.inTransaction(handle -> handle.createQuery(TAKE_ANSWER)
                        .bind("id", challenge)
                        .bind("owner", owner.value())
                        .map((row, _) -> new Asked(
                                new JobId(row.getObject("job_id", UUID.class)),
                                Digest.of(row.getBytes("answer")),
                                JobStatus.valueOf(row.getString("status"))))
                        .findOne())
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_FOUND, "There is no such challenge any more. Ask for a new one."));
        if (!MessageDigest.isEqual(asked.answer().bytes(), answer.bytes())) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_PROVEN,
                    "That is not the hash of these ranges of the file. Upload the file instead.");
        }
        return switch (asked.status()) {
            case PENDING, IN_PROGRESS, COMPLETED -> new Submission.Existing(asked.job(), asked.status());
            case UPLOADING, FAILED, CANCELLED, EXPIRED -> throw notKnown();
        };
    }

    private static UploadRefused notKnown() {
        return new UploadRefused(
                UploadRefused.Reason.NOT_KNOWN, "No upload of this file can be used again. Send the file.");
    }
}
