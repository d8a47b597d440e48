package dev.claimcheck.client;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Jobs, lists of them, what happened to them, and what may be done with one: {@link ClaimcheckClient#jobs()}. Thread-safe. What has no type of its own here is the
 * service's JSON.
 *
 * {@snippet file="ClientExamples.java" region="jobs"}
 */
public final class Jobs {
    private static final String JOBS = "/videos/jobs";
    private static final int MOST_PER_PAGE = 200;

    private final JsonCalls calls;

    Jobs(HttpCalls calls) {
        this.calls = new JsonCalls(calls);
    }

    /** The whole job: its options, every step, every output. */
    public Job get(String jobId) throws InterruptedException {
        return Job.of(calls.get(path(jobId)));
    }

    /** A page, newest first. */
    public JobPage list(JobQuery query) throws InterruptedException {
        return JobPage.of(page(query));
    }

    /**
     * Every job that fits, newest first, whatever the query's limit and cursor; pages are fetched as they are needed. Where its thread is interrupted meanwhile, the
     * stream ends with an {@link IllegalStateException}, and the interrupt stands.
     */
    public Stream<JobStatus> stream(JobQuery query) {
        return Stream.iterate(
                        Optional.of(fetched(query.withLimit(MOST_PER_PAGE))),
                        Optional::isPresent,
                        page -> page.flatMap(JobPage::next)
                                .map(next ->
                                        fetched(query.withLimit(MOST_PER_PAGE).from(next))))
                .flatMap(page -> page.orElseThrow().jobs().stream());
    }

    /** Opens again what failed, and keeps what succeeded. */
    public JobStatus retry(String jobId) throws InterruptedException {
        return JobStatus.of(calls.post(path(jobId) + "/retry"));
    }

    /** Calls the job off; what runs ends within two seconds. */
    public JobStatus cancel(String jobId) throws InterruptedException {
        return JobStatus.of(calls.post(path(jobId) + "/cancel"));
    }

    /** Removes the job and everything that it has made. */
    public void delete(String jobId) throws InterruptedException {
        calls.delete(path(jobId));
    }

    /** A page, newest first, as the service's JSON: {@code jobs} and {@code next_cursor}. */
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

    private JobPage fetched(JobQuery query) {
        try {
            return list(query);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while listing jobs", e);
        }
    }

    private static String path(String jobId) {
        return JOBS + "/" + HttpCalls.encode(jobId);
    }
}
