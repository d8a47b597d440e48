package dev.claimcheck.http;

import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobPage;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Reprocessing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs: list, whole, delete, retry, cancel. */
final class JobRoutes {
    private static final int MOST_PER_PAGE = 200;

    private final JobQueries queries;
    private final JobControl control;
    private final Reprocessing reprocessing;
    private final UploadAnswers answers;
    private final JobJson json;
    private final InstantSource clock;

    JobRoutes(
            JobQueries queries,
            JobControl control,
            Reprocessing reprocessing,
            UploadAnswers answers,
            JobJson json,
            InstantSource clock) {
        this.queries = queries;
        this.control = control;
        this.reprocessing = reprocessing;
        this.answers = answers;
        this.json = json;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET", "/videos/jobs", Router.Access.KEY, this::list)
                .on("GET", "/videos/jobs/{job_id}", Router.Access.KEY, this::whole)
                .on("DELETE", "/videos/jobs/{job_id}", Router.Access.KEY, this::delete)
                .on("POST", "/videos/jobs/{job_id}/process", Router.Access.KEY, this::process)
                .on(
                        "POST",
                        "/videos/jobs/{job_id}/retry",
                        Router.Access.KEY,
                        exchange -> changed(exchange, control::retry, 202, "retried"))
                .on(
                        "POST",
                        "/videos/jobs/{job_id}/cancel",
                        Router.Access.KEY,
                        exchange -> changed(exchange, control::cancel, 200, "cancelled"));
    }

    private Answer list(Exchange exchange) {
        Optional<JobStatus> status = exchange.query("status")
                .map(text -> Exchange.oneOf(text.toUpperCase(Locale.ROOT), List.of(JobStatus.values()), "\"status\""));
        Optional<JobId> before =
                exchange.query("cursor").filter(text -> !text.isEmpty()).map(JobRoutes::cursor);
        JobPage page = queries.list(exchange.principal().owner(), status, before, limit(exchange));
        Instant now = clock.instant();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode jobs = body.putArray("jobs");
        page.jobs().forEach(job -> jobs.add(json.summary(job, now)));
        body.put("next_cursor", page.next().map(JobId::toString).orElse(null));
        return Answer.json(200, body);
    }

    private Answer whole(Exchange exchange) {
        return queries.find(exchange.principal().owner(), exchange.jobId())
                .map(job -> Answer.json(200, json.whole(job, clock.instant())))
                .orElseThrow(Exchange::noSuchJob);
    }

    private Answer delete(Exchange exchange) {
        return switch (control.delete(exchange.principal().owner(), exchange.jobId())) {
            case ControlResult.Done _ -> Answer.empty(204);
            case ControlResult.NotFound _ -> throw Exchange.noSuchJob();
            case ControlResult.NotPossible notPossible ->
                throw new ApiException(ErrorCode.CONFLICT, notPossible.reason());
        };
    }

    private Answer process(Exchange exchange) throws InterruptedException {
        OwnerId owner = exchange.principal().owner();
        UploadRequest asked = UploadRequest.read(exchange);
        Processing processing = asked.processing(owner, answers);
        Optional<Priority> priority = asked.text("priority").isPresent()
                ? Optional.of(UploadAnswers.priority(asked.text("priority")))
                : Optional.empty();
        return switch (reprocessing.process(owner, exchange.jobId(), processing, priority)) {
            case Reprocessing.Result.Submitted submitted -> answers.processedAgain(submitted.submission());
            case Reprocessing.Result.NotPossible notPossible ->
                throw new ApiException(ErrorCode.CONFLICT, notPossible.reason());
            case Reprocessing.Result.NotFound _ -> throw Exchange.noSuchJob();
        };
    }

    private Answer changed(
            Exchange exchange, BiFunction<OwnerId, JobId, ControlResult> change, int status, String what) {
        JobId id = exchange.jobId();
        return switch (change.apply(exchange.principal().owner(), id)) {
            case ControlResult.Done done ->
                Answer.json(
                        status,
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("job_id", id.toString())
                                .put("status", done.status().name())
                                .put("message", "The job was " + what + ".")
                                .put("status_url", json.statusUrl(id.toString())),
                        Map.of());
            case ControlResult.NotFound _ -> throw Exchange.noSuchJob();
            case ControlResult.NotPossible notPossible ->
                throw new ApiException(ErrorCode.CONFLICT, notPossible.reason());
        };
    }

    private static int limit(Exchange exchange) {
        String text = exchange.query("limit").orElse("50");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_PER_PAGE) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"limit\" must be a whole number from 1 to " + MOST_PER_PAGE + ".");
        }
        return Integer.parseInt(text);
    }

    private static JobId cursor(String text) {
        return JobId.parse(text)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "\"cursor\" must be the \"next_cursor\" of the page before, unchanged."));
    }
}
