package dev.claimcheck.job;

import org.jdbi.v3.core.Handle;

/** Appends events and notices; both take effect with the transaction's commit. */
final class JobEvents {
    /** Told, with no payload, that events were appended. */
    static final String EVENTS_CHANNEL = "claimcheck_events";
    /** Told the name of a queue in which a step became ready. */
    static final String READY_CHANNEL = "claimcheck_ready";
    /** Told the id of a job whose running steps must end. */
    static final String CANCEL_CHANNEL = "claimcheck_cancel";
    /** Told the ids of jobs whose progress moved, separated by commas. */
    static final String PROGRESS_CHANNEL = "claimcheck_progress";

    private static final String APPEND = """
            INSERT INTO event (owner, job_id, type, data) VALUES (:owner, :job, :type, CAST(:data AS jsonb))
            """;

    private JobEvents() {}

    static void append(Handle handle, JobRow job, String type, String json) {
        append(handle, job.owner(), job.id(), type, json);
    }

    static void append(Handle handle, OwnerId owner, JobId job, String type, String json) {
        handle.createUpdate(APPEND)
                .bind("owner", owner.value())
                .bind("job", job.value())
                .bind("type", type)
                .bind("data", json)
                .execute();
        notice(handle, EVENTS_CHANNEL, "");
    }

    static void notice(Handle handle, String channel, String payload) {
        handle.createQuery("SELECT pg_notify(:channel, :payload)")
                .bind("channel", channel)
                .bind("payload", payload)
                .mapTo(String.class)
                .findOne();
    }
}
