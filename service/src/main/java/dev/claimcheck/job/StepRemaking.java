package dev.claimcheck.job;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.node.ObjectNode;

/** Has steps that succeeded do their work once more, because what they made was lost or damaged since. The caller holds the job's lock and has checked the lease. */
final class StepRemaking {
    private static final String MAKERS = """
            SELECT DISTINCT step_id, name FROM output JOIN step USING (step_id, job_id)
            WHERE job_id = :job AND path = ANY (:paths) AND state = 'SUCCEEDED' ORDER BY step_id
            """;

    private static final String WAIT_FOR_THEM = """
            WITH held AS (
                DELETE FROM lease WHERE step_id = :step AND attempt = :attempt RETURNING *
            ), noted AS (
            """ + AttemptLog.append("held") + """
            )
            UPDATE step SET attempt = :attempt WHERE step_id = :step
            """;

    /** What is made again was there before: progress does not go backwards. */
    private static final String KEEP_PROGRESS = "UPDATE step SET reached = 1 WHERE step_id = ANY (:steps)";

    /** Opening begins a step's count anew; this one goes on counting, so that storage that loses everything ends the job. */
    private static final String GO_ON_COUNTING = """
            UPDATE step SET retries = :retries, error = CAST(:error AS jsonb) WHERE step_id = :step
            """;

    private static final String REPLACED = """
            WITH old AS (DELETE FROM output WHERE step_id = :step RETURNING object_key)
            INSERT INTO garbage (prefix, due)
            SELECT DISTINCT substring(object_key FROM '^jobs/[^/]+/[^/]+/'), now() + interval '1 minute' FROM old
            """;

    private StepRemaking() {}

    private record Maker(long id, String name) {}

    /**
     * Opens the steps that made these outputs, and {@code step}, which waits for them. False where nobody made them.
     *
     * @param retries of {@code step} with this one
     * @param error why, as {@code step} shows it meanwhile
     */
    static boolean reopen(
            Handle handle, JobRow job, LeasedStep step, List<String> paths, int retries, ObjectNode error) {
        List<Maker> makers = handle.createQuery(MAKERS)
                .bind("job", job.id().value())
                .bindArray("paths", String.class, paths)
                .map((row, _) -> new Maker(row.getLong("step_id"), row.getString("name")))
                .list();
        if (makers.isEmpty()) {
            return false;
        }
        JobOutputs.forget(handle, job.id(), paths);
        handle.createUpdate(WAIT_FOR_THEM)
                .bind("step", step.lease().stepId())
                .bind("attempt", step.lease().attempt())
                .bind("outcome", "retrying")
                .bind("error", error.toString())
                .bind("log", (String) null)
                .execute();
        ObjectNode retrying = error.deepCopy().put("attempt", step.lease().attempt());
        List<JobEvents.Entry> events = new ArrayList<>();
        makers.forEach(maker -> events.add(new JobEvents.Entry(
                "step.reopened",
                error.deepCopy()
                        .put("step", maker.name())
                        .put("found_by", step.name())
                        .toString())));
        events.add(new JobEvents.Entry("step.retrying", retrying.toString()));
        JobEvents.append(handle, job.owner(), job.id(), events);
        List<Long> open = new ArrayList<>(makers.stream().map(Maker::id).toList());
        open.add(step.lease().stepId());
        StepBacklog.open(handle, open.toArray(Long[]::new), false);
        handle.createUpdate(KEEP_PROGRESS)
                .bindArray("steps", Long.class, makers.stream().map(Maker::id).toList())
                .execute();
        handle.createUpdate(GO_ON_COUNTING)
                .bind("retries", retries)
                .bind("error", error.toString())
                .bind("step", step.lease().stepId())
                .execute();
        return true;
    }

    /** What earlier attempts of a step that succeeds once more had offered is not offered any more. Players may be reading it right now. */
    static void dropEarlier(Handle handle, LeasedStep step) {
        if (step.lease().attempt() > 1) {
            handle.createUpdate(REPLACED).bind("step", step.lease().stepId()).execute();
            handle.createUpdate("DELETE FROM product WHERE step_id = :step")
                    .bind("step", step.lease().stepId())
                    .execute();
        }
    }
}
