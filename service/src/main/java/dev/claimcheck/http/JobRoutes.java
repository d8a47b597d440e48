package dev.claimcheck.http;

import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Reprocessing;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

/** One job: whole, delete, process again, retry, cancel. */
final class JobRoutes {
    private final JobQueries queries;
    private final JobControl control;
    private final Reprocessing reprocessing;
    private final JobAccess access;
    private final UploadAnswers answers;
    private final JobJson json;
    private final InstantSource clock;

    JobRoutes(
            JobQueries queries,
            JobControl control,
            Reprocessing reprocessing,
            JobAccess access,
            UploadAnswers answers,
            JobJson json,
            InstantSource clock) {
        this.queries = queries;
        this.control = control;
        this.reprocessing = reprocessing;
        this.access = access;
        this.answers = answers;
        this.json = json;
        this.clock = clock;
    }

    void addTo(Router router, Idempotency once) {
        router.on("GET", "/videos/jobs/{job_id}", Router.Access.KEY, this::whole)
                .on("DELETE", "/videos/jobs/{job_id}", Router.Access.KEY, this::delete)
                .on("POST", "/videos/jobs/{job_id}/process", Router.Access.KEY, once.honoured(this::process))
                .on(
                        "POST",
                        "/videos/jobs/{job_id}/retry",
                        Router.Access.KEY,
                        once.honoured(exchange -> changed(exchange, control::retry, 202, "retried")))
                .on(
                        "POST",
                        "/videos/jobs/{job_id}/cancel",
                        Router.Access.KEY,
                        once.honoured(exchange -> changed(exchange, control::cancel, 200, "cancelled")));
    }

    private Answer whole(Exchange exchange) {
        return queries.find(access.ownerOf(exchange), exchange.jobId())
                .map(job -> Answer.json(200, json.whole(job, clock.instant())))
                .orElseThrow(Exchange::noSuchJob);
    }

    private Answer delete(Exchange exchange) {
        return switch (control.delete(access.ownerOf(exchange), exchange.jobId())) {
            case ControlResult.Done _ -> Answer.empty(204);
            case ControlResult.NotFound _ -> throw Exchange.noSuchJob();
            case ControlResult.NotPossible notPossible ->
                throw new ApiException(ErrorCode.CONFLICT, notPossible.reason());
        };
    }

    private Answer process(Exchange exchange) throws InterruptedException {
        OwnerId owner = access.ownerOf(exchange);
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
        return json.changed(change.apply(access.ownerOf(exchange), id), id, status, "The job was " + what + ".");
    }
}
