package dev.claimcheck.events;

import java.util.Set;
import java.util.TreeSet;

/** Every type of event there is. Readers must bear with others: types are added over time. */
public final class EventTypes {
    /** In alphabetical order. */
    public static final Set<String> ALL = java.util.Collections.unmodifiableSet(new TreeSet<>(Set.of(
            "job.created",
            "job.uploaded",
            "job.started",
            "job.playable",
            "job.completed",
            "job.failed",
            "job.cancelled",
            "job.expired",
            "job.retried",
            "job.merged",
            "job.deleted",
            "upload.created",
            "upload.completed",
            "upload.expired",
            "upload.aborted",
            "step.ready",
            "step.started",
            "step.succeeded",
            "step.failed",
            "step.retrying",
            "step.released",
            "step.lease_expired",
            "step.reopened",
            "step.cancelled",
            "step.skipped",
            "webhook.disabled")));

    private EventTypes() {}
}
