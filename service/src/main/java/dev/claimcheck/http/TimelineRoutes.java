package dev.claimcheck.http;

import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobTimeline;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.StepAttempt;
import dev.claimcheck.job.Timelines;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What ran when, where and how often; and one step again. */
final class TimelineRoutes {
    private final Timelines timelines;
    private final JobQueries jobs;
    private final JobControl control;
    private final JobAccess access;
    private final LinkSigner links;
    private final JobJson json;
    private final String publicUrl;
    private final InstantSource clock;

    TimelineRoutes(
            Timelines timelines,
            JobQueries jobs,
            JobControl control,
            JobAccess access,
            LinkSigner links,
            JobJson json,
            String publicUrl,
            InstantSource clock) {
        this.timelines = timelines;
        this.jobs = jobs;
        this.control = control;
        this.access = access;
        this.links = links;
        this.json = json;
        this.publicUrl = publicUrl;
        this.clock = clock;
    }

    void addTo(Router router, Idempotency once) {
        router.on("GET", "/videos/jobs/{job_id}/timeline", Router.Access.KEY, this::timeline)
                .on(
                        "POST",
                        "/videos/jobs/{job_id}/steps/{step...}/retry",
                        Router.Access.KEY,
                        once.honoured(this::retry));
    }

    private Answer timeline(Exchange exchange) {
        JobId id = jobs.find(access.ownerOf(exchange), exchange.jobId())
                .map(JobView::id)
                .orElseThrow(Exchange::noSuchJob);
        JobTimeline timeline = timelines.find(id).orElseThrow(Exchange::noSuchJob);
        Instant now = clock.instant();
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", id.toString())
                .put("created_at", JobJson.text(timeline.createdAt()))
                .put("now", JobJson.text(now));
        ArrayNode steps = body.putArray("steps");
        String base = publicUrl + links.basePath(id, now);
        timeline.steps().forEach(step -> put(steps.addObject(), step, base));
        return Answer.json(200, body);
    }

    private static void put(ObjectNode json, JobTimeline.Step step, String base) {
        json.put("name", step.name())
                .put("queue", step.queue())
                .put("status", step.state().name())
                .put("required", step.required());
        ArrayNode needs = json.putArray("depends_on");
        step.dependsOn().forEach(needs::add);
        json.put("ready_at", step.readyAt().map(JobJson::text).orElse(null));
        ArrayNode attempts = json.putArray("attempts");
        step.attempts().forEach(attempt -> put(attempts.addObject(), attempt));
        ArrayNode outputs = json.putArray("outputs");
        step.outputs()
                .forEach(output -> outputs.addObject()
                        .put("path", output.path())
                        .put("size", output.size())
                        .put("content_type", output.contentType())
                        .put("url", base + output.path()));
        json.put("output_count", step.outputCount()).put("output_bytes", step.outputBytes());
    }

    private static void put(ObjectNode json, StepAttempt attempt) {
        json.put("attempt", attempt.attempt())
                .put("worker", attempt.worker())
                .put("host", attempt.host().orElse(null))
                .put("ready_at", JobJson.text(attempt.readyAt()))
                .put("started_at", JobJson.text(attempt.startedAt()))
                .put("finished_at", attempt.finishedAt().map(JobJson::text).orElse(null))
                .put("outcome", attempt.outcome().orElse(null))
                .put("progress", Math.round(attempt.progress() * 1000) / 10.0)
                .put("message", attempt.message().orElse(null));
        attempt.error().ifPresentOrElse(error -> JobAccess.put(json, error), () -> json.putNull("error"));
        json.put("log", attempt.log().orElse(null));
    }

    private Answer retry(Exchange exchange) {
        JobId id = exchange.jobId();
        ControlResult result = control.retryStep(access.ownerOf(exchange), id, exchange.path("step"));
        if (result instanceof ControlResult.NotFound) {
            throw new ApiException(
                    ErrorCode.NOT_FOUND,
                    "You have no job of this id, or it has no step of this name. GET /videos/jobs/{job_id}/timeline lists its steps.");
        }
        return json.changed(result, id, 202, "The step is done again.");
    }
}
