package dev.claimcheck.job;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * What happens when a job's content becomes known after the job was made: it gets its fingerprint, or, where the owner has a job of that content already, it
 * becomes another name of that job. The caller holds the job's lock.
 */
final class JobMerging {
    private static final String FIND = """
            SELECT job_id FROM job
            WHERE owner = :owner AND content_key = :content_key AND job_id <> :job AND status NOT IN ('CANCELLED', 'EXPIRED')
              AND (profile, options) = (SELECT profile, options FROM job WHERE job_id = :job)
            """;

    /** Two jobs of the same new content become known one after the other, whatever rows there are to lock yet. */
    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended(:owner || encode(:content_key, 'hex'), 0))";

    private static final String RECORD = """
            UPDATE job SET content_sha256 = :sha256, content_key = :content_key, updated_at = now() WHERE job_id = :job
            """;

    private JobMerging() {}

    /** Records the fingerprint unless the owner has such a job; then this one is merged into it. */
    static Optional<Submission> recordOrMerge(Handle handle, JobRow job, Fingerprint fingerprint) {
        Optional<Submission> known = mergeIfKnown(handle, job, fingerprint);
        if (known.isEmpty()) {
            handle.createUpdate(RECORD)
                    .bind("sha256", fingerprint.sha256().bytes())
                    .bind("content_key", fingerprint.contentKey().bytes())
                    .bind("job", job.id().value())
                    .execute();
        }
        return known;
    }

    /** Merges the job into the owner's earlier job of the same content, if there is one. */
    static Optional<Submission> mergeIfKnown(Handle handle, JobRow job, Fingerprint fingerprint) {
        handle.createQuery(ONE_AT_A_TIME)
                .bind("owner", job.owner().value())
                .bind("content_key", fingerprint.contentKey().bytes())
                .mapTo(String.class)
                .list();
        return handle.createQuery(FIND)
                .bind("owner", job.owner().value())
                .bind("content_key", fingerprint.contentKey().bytes())
                .bind("job", job.id().value())
                .mapTo(UUID.class)
                .findOne()
                .flatMap(id -> JobRow.lock(handle, new JobId(id)))
                .filter(row -> row.status() != JobStatus.CANCELLED && row.status() != JobStatus.EXPIRED)
                .map(into -> merge(handle, job, into));
    }

    /** Has the sweeper take the job's source, also what of it is still in pieces. */
    static void dropSource(Handle handle, JobRow job) {
        if (job.sourceKey() != null) {
            handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:prefix)")
                    .bind("prefix", job.sourceKey())
                    .execute();
        }
    }

    private static Submission merge(Handle handle, JobRow job, JobRow into) {
        boolean sourceTaken = false;
        Submission submission = new Submission.Existing(into.id(), into.status());
        if (into.status() == JobStatus.FAILED) {
            sourceTaken = into.sourceKey() == null && job.sourceKey() != null;
            String source = sourceTaken ? job.sourceKey() : into.sourceKey();
            if (source != null) {
                JobReopening.reopen(handle, into, source);
                submission = new Submission.Reopened(into.id(), sourceTaken);
            }
        }
        StepBacklog.clear(handle, job.id());
        if (!sourceTaken) {
            dropSource(handle, job);
        }
        JobOutputs.leaveOthers(handle, job.id());
        handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:prefix)")
                .bind("prefix", "jobs/" + job.id() + "/")
                .execute();
        handle.createUpdate("UPDATE job_alias SET job_id = :into WHERE job_id = :job")
                .bind("into", into.id().value())
                .bind("job", job.id().value())
                .execute();
        handle.createUpdate("INSERT INTO job_alias (alias_id, owner, job_id) VALUES (:job, :owner, :into)")
                .bind("job", job.id().value())
                .bind("owner", job.owner().value())
                .bind("into", into.id().value())
                .execute();
        JobEvents.appendWithUpload(handle, job, "upload.completed", "job.merged", "{\"into\": \"" + into.id() + "\"}");
        handle.createUpdate("UPDATE upload SET job_id = :into WHERE job_id = :job")
                .bind("into", into.id().value())
                .bind("job", job.id().value())
                .execute();
        handle.createUpdate("DELETE FROM job WHERE job_id = :job")
                .bind("job", job.id().value())
                .execute();
        return submission;
    }
}
