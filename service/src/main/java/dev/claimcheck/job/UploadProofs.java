package dev.claimcheck.job;

import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the questions about a job's source, each to be asked once: what one has heard the answer of proves nothing. */
final class UploadProofs {
    private static final String INSERT = """
            INSERT INTO upload_proof (job_id, ordinal, ranges, answer) VALUES (:job, :ordinal, CAST(:ranges AS jsonb), :answer)
            ON CONFLICT DO NOTHING
            """;

    private UploadProofs() {}

    static void record(Handle handle, JobId job, List<UploadProof> proofs) {
        for (int ordinal = 0; ordinal < proofs.size(); ordinal++) {
            UploadProof proof = proofs.get(ordinal);
            handle.createUpdate(INSERT)
                    .bind("job", job.value())
                    .bind("ordinal", ordinal)
                    .bind("ranges", JsonMapper.shared().writeValueAsString(proof.ranges()))
                    .bind("answer", proof.answer().bytes())
                    .execute();
        }
    }
}
