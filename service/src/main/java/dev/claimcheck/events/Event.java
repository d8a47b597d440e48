package dev.claimcheck.events;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change of a job, a step or an upload, as the log has it. It never changes.
 *
 * @param id tells it apart for good, also where it is delivered twice
 * @param xid the transaction it was committed by: with the id, its place in the log
 * @param job whose it is; null of what happened to its owner, such as an endpoint that was switched off
 * @param type such as {@code job.completed}
 * @param data JSON object
 */
public record Event(
        long id, long xid, OwnerId owner, @Nullable JobId job, String type, Instant at, String data) {
    /** Its place in the log. */
    LogPosition position() {
        return new LogPosition(xid, id);
    }
}
