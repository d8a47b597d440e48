package dev.claimcheck.job;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the questions about a job's source. Each can be answered once, since what somebody has heard the answer of proves nothing; so there are a few of them, and
 * fresh ones whenever the owner sends the same content again in a way that has it read. When they are used up, the file has to be sent.
 */
final class UploadProofs {
    private static final String INSERT = """
            INSERT INTO upload_proof (job_id, ranges, answer) VALUES (:job, CAST(:ranges AS jsonb), :answer)
            """;

    private static final String DROP_UNASKED = """
            DELETE FROM upload_proof WHERE job_id = :job AND (asked_until IS NULL OR asked_until <= now())
            """;

    private UploadProofs() {}

    /** Takes the place of earlier questions, but of those that are being asked. */
    static void record(Handle handle, JobId job, List<UploadProof> proofs) {
        if (proofs.isEmpty()) {
            return;
        }
        handle.createUpdate(DROP_UNASKED).bind("job", job.value()).execute();
        PreparedBatch batch = handle.prepareBatch(INSERT);
        for (UploadProof proof : proofs) {
            batch.bind("job", job.value())
                    .bind("ranges", JsonMapper.shared().writeValueAsString(proof.ranges()))
                    .bind("answer", proof.answer().bytes())
                    .add();
        }
        batch.execute();
    }
}
