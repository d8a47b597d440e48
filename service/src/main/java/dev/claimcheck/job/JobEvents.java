package dev.claimcheck.job;

import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Appends events and notices; both take effect with the transaction's commit. What moves many steps at once logs them in its own statement ({@link StepBacklog}, {@link StepOutcomes}), never one by one: a long video has
 * hundreds.
 */
final class JobEvents {
    /** Told, with no payload, that events were appended. */
    static final String EVENTS_CHANNEL = "claimcheck_events";
    /** Told the name of a queue in which a step became ready. */
    static final String READY_CHANNEL = "claimcheck_ready";
    /** Told the ids of jobs whose progress moved, separated by commas. */
    static final String PROGRESS_CHANNEL = "claimcheck_progress";

    private static final String APPEND = """
            WITH logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT :owner, :job, type, CAST(data AS jsonb)
                FROM unnest(CAST(:types AS text[]), CAST(:data AS text[])) WITH ORDINALITY AS happened (type, data, place)
                ORDER BY place
            )
            SELECT pg_notify('claimcheck_events', '')
            """;

    /** What becomes of the job's open upload stands in the log before what becomes of the job. */
    private static final String APPEND_WITH_UPLOAD = """
            WITH logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT :owner, :job, type, data
                FROM (SELECT 1 AS place, CAST(:upload_type AS text) AS type,
                             jsonb_build_object('upload_id', upload_id, 'kind', lower(kind)) AS data
                      FROM upload WHERE job_id = :job AND completed_at IS NULL
                      UNION ALL
                      SELECT 2, CAST(:type AS text), CAST(:data AS jsonb)) AS happened
                ORDER BY place
            )
            SELECT pg_notify('claimcheck_events', '')
            """;

    private JobEvents() {}

    /**
     * What happened.
     *
     * @param data JSON object
     */
    record Entry(String type, String data) {}

    static void append(Handle handle, JobRow job, String type, String json) {
        append(handle, job.owner(), job.id(), type, json);
    }

    static void append(Handle handle, OwnerId owner, JobId job, String type, String json) {
        append(handle, owner, job, List.of(new Entry(type, json)));
    }

    static void append(Handle handle, OwnerId owner, JobId job, List<Entry> entries) {
        handle.createQuery(APPEND)
                .bind("owner", owner.value())
                .bind("job", job.value())
                .bindArray(
                        "types", String.class, entries.stream().map(Entry::type).toList())
                .bindArray(
                        "data", String.class, entries.stream().map(Entry::data).toList())
                .mapTo(String.class)
                .one();
    }

    /** As {@link #append}, and {@code uploadType} of the upload that the job waits for, if it does. */
    static void appendWithUpload(Handle handle, JobRow job, String uploadType, String type, String json) {
        handle.createQuery(APPEND_WITH_UPLOAD)
                .bind("owner", job.owner().value())
                .bind("job", job.id().value())
                .bind("upload_type", uploadType)
                .bind("type", type)
                .bind("data", json)
                .mapTo(String.class)
                .one();
    }

    static void notice(Handle handle, String channel, String payload) {
        handle.createQuery("SELECT pg_notify(:channel, :payload)")
                .bind("channel", channel)
                .bind("payload", payload)
                .mapTo(String.class)
                .findOne();
    }
}
