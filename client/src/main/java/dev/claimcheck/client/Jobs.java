package dev.claimcheck.client;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Lists of jobs, what happened to them, and what may be done with one: {@link ClaimcheckClient#jobs()}. Thread-safe; answers are the service's JSON. */
public final class Jobs {
    private static final String JOBS = "/videos/jobs";

    private final JsonCalls calls;

    Jobs(HttpCalls calls) {
        this.calls = new JsonCalls(calls);
    }

    /** A page, newest first: {@code jobs} and {@code next_cursor}. */
    public JsonNode page(JobQuery query) throws InterruptedException {
        return calls.get(query.pagePath(JOBS));
    }

    /** How many there are of each status: {@code counts} and {@code total}. Limit and cursor do not matter. */
    public JsonNode counts(JobQuery query) throws InterruptedException {
        return calls.get(query.path(JOBS + "/counts"));
    }

    /** Every step with its attempts: where it ran, when, how it ended, what ffmpeg said. */
    public JsonNode timeline(String jobId) throws InterruptedException {
        return calls.get(path(jobId) + "/timeline");
    }

    /** Does one failed step again, such as {@code storyboard}; a required one as the job's retry. */
    public JsonNode retryStep(String jobId, String step) throws InterruptedException {
        return calls.post(path(jobId) + "/steps/" + HttpCalls.encode(step).replace("%2F", "/") + "/retry");
    }

    /**
     * Makes something else of a job's file, which is not sent again.
     *
     * @param priority the first job's where none is given
     */
    public JsonNode process(String jobId, ProcessingOptions options, Optional<UploadPriority> priority)
            throws InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        options.members().forEach(body::put);
        priority.ifPresent(value -> body.put("priority", value.name().toLowerCase(Locale.ROOT)));
        return calls.post(path(jobId) + "/process", body);
    }

    private static String path(String jobId) {
        return JOBS + "/" + HttpCalls.encode(jobId);
    }
}
