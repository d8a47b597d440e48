package dev.claimcheck.http;

import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.estimate.Outlook;
import dev.claimcheck.estimate.Outlooks;
import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobProgress;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.StepView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs as clients read them. */
final class JobJson {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final LinkSigner links;
    private final Outlooks outlooks;
    private final String publicUrl;

    /** @param publicUrl what links start with; empty for absolute paths */
    JobJson(LinkSigner links, Outlooks outlooks, String publicUrl) {
        this.links = links;
        this.outlooks = outlooks;
        this.publicUrl = publicUrl;
    }

    String statusUrl(String jobId) {
        return publicUrl + "/videos/jobs/" + jobId + "/status";
    }

    /** The answer to a change that somebody asked for. */
    Answer changed(ControlResult result, JobId id, int status, String message) {
        return switch (result) {
            case ControlResult.Done done ->
                Answer.json(
                        status,
                        JSON.createObjectNode()
                                .put("job_id", id.toString())
                                .put("status", done.status().name())
                                .put("message", message)
                                .put("status_url", statusUrl(id.toString())));
            case ControlResult.NotFound _ -> throw Exchange.noSuchJob();
            case ControlResult.NotPossible notPossible ->
                throw new ApiException(ErrorCode.CONFLICT, notPossible.reason());
        };
    }

    /** What can be said of the job's future. */
    Outlook outlook(JobView job, Instant now) {
        return outlooks.of(job, now);
    }

    /** The answer of the status route. */
    ObjectNode status(JobView job, Outlook outlook, Instant now) {
        ObjectNode json = summary(job, outlook, now);
        if (job.status() == JobStatus.IN_PROGRESS || job.status() == JobStatus.FAILED) {
            json.set("steps", steps(job));
        }
        if (job.status() == JobStatus.COMPLETED) {
            json.set("metadata", job.metadata().orElseGet(JSON::createObjectNode));
            json.set("warnings", job.warnings());
            job.verification().ifPresent(found -> json.set("verification", found));
        }
        return json;
    }

    /** The whole job. */
    ObjectNode whole(JobView job, Instant now) {
        ObjectNode json = summary(job, now);
        job.startedAt().ifPresent(at -> json.put("started_at", text(at)));
        json.put("profile", job.processing().profile())
                .put("priority", job.priority().name().toLowerCase(Locale.ROOT))
                .put("size", job.size())
                .put("attempt", job.attempt())
                .put("content_type", job.contentType().orElse(null));
        json.set("options", job.processing().options().toJson());
        json.set("metadata", job.metadata().orElseGet(JSON::nullNode));
        json.set("warnings", job.warnings());
        json.set("verification", job.verification().orElseGet(JSON::nullNode));
        json.set("steps", steps(job));
        ArrayNode outputs = json.putArray("outputs");
        String base = publicUrl + links.basePath(job.id(), now);
        job.outputs()
                .forEach(output -> outputs.addObject()
                        .put("path", output.path())
                        .put("url", base + output.path())
                        .put("content_type", output.contentType())
                        .put("size", output.size()));
        return json;
    }

    /** What lists and status have in common. */
    ObjectNode summary(JobView job, Instant now) {
        return summary(job, outlook(job, now), now);
    }

    private ObjectNode summary(JobView job, Outlook outlook, Instant now) {
        ObjectNode json = JSON.createObjectNode()
                .put("job_id", job.id().toString())
                .put("status", job.status().name())
                .put("filename", job.filename())
                .put("created_at", text(job.createdAt()))
                .put("updated_at", text(job.updatedAt()))
                .put("status_url", statusUrl(job.id().toString()));
        job.finishedAt().ifPresent(at -> json.put("finished_at", text(at)));
        switch (job.status()) {
            case IN_PROGRESS -> addOutlook(json.put("progress", JobProgress.percent(job)), job, outlook);
            case PENDING -> addOutlook(json, job, outlook);
            case COMPLETED -> json.put("progress", 100.0);
            case FAILED -> json.set("error", error(job)).put("retry_allowed", job.retryAllowed());
            case UPLOADING -> json.put("message", "Waiting for the file to arrive");
            case EXPIRED -> json.put("message", "The file never arrived whole; upload it again");
            case CANCELLED -> {
                // The status says it all.
            }
        }
        addLinks(json, job, now);
        return json;
    }

    private static void addOutlook(ObjectNode json, JobView job, Outlook outlook) {
        json.put("message", message(job, outlook))
                .put(
                        "estimated_completion",
                        outlook.completion().map(found -> text(found.p50())).orElse(null))
                .put(
                        "estimated_completion_p90",
                        outlook.completion().map(found -> text(found.p90())).orElse(null));
        outlook.queuePosition().ifPresent(position -> json.put("queue_position", position));
    }

    private static String message(JobView job, Outlook outlook) {
        if (outlook.queuePosition().isEmpty()) {
            return JobProgress.message(job);
        }
        int ahead = outlook.queuePosition().getAsInt() - 1;
        return JobProgress.message(job) + (ahead == 0 ? ": it is next" : ": " + ahead + " ahead");
    }

    private void addLinks(ObjectNode json, JobView job, Instant now) {
        if (job.outputs().isEmpty()) {
            return;
        }
        String base = publicUrl + links.basePath(job.id(), now);
        // Playable before everything is there; what is finished takes its place.
        link(json, "video_url", base, job, "early/master.m3u8");
        link(json, "video_url", base, job, "hls/master.m3u8");
        link(json, "dash_url", base, job, "dash/manifest.mpd");
        link(json, "download_url", base, job, "download.mp4");
        link(json, "download_url", base, job, "download.m4a");
        link(json, "thumbnail_url", base, job, "poster.jpg");
        link(json, "thumbnail_webp_url", base, job, "poster.webp");
        link(json, "storyboard_url", base, job, "storyboard/storyboard.vtt");
        link(json, "waveform_url", base, job, "waveform.json");
        for (JsonNode track : job.subtitles()) {
            String path = track.path("path").asString("");
            if (job.offers(path)) {
                json.withArray("subtitles")
                        .addObject()
                        .put("language", track.path("language").asString())
                        .put("name", track.path("name").asString())
                        .put("forced", track.path("forced").asBoolean(false))
                        .put("url", base + path);
            }
        }
    }

    private static void link(ObjectNode json, String member, String base, JobView job, String path) {
        if (job.offers(path)) {
            json.put(member, base + path);
        }
    }

    private static JsonNode error(JobView job) {
        return job.error().orElseGet(JSON::createObjectNode);
    }

    private static ArrayNode steps(JobView job) {
        ArrayNode steps = JSON.createArrayNode();
        for (StepView step : job.steps()) {
            ObjectNode json = steps.addObject()
                    .put("name", step.name())
                    .put("queue", step.queue().wireName())
                    .put("status", step.state().name())
                    .put("required", step.required())
                    .put("attempt", step.attempt())
                    .put("progress", Math.round(fraction(step) * 1000) / 10.0);
            if (step.made() + step.reused() > 0) {
                json.putObject("products").put("made", step.made()).put("reused", step.reused());
            }
            step.message().ifPresent(message -> json.put("message", message));
            step.startedAt().ifPresent(at -> json.put("started_at", text(at)));
            step.finishedAt().ifPresent(at -> json.put("finished_at", text(at)));
            step.retryAt().ifPresent(at -> json.put("retry_at", text(at)));
            step.error().ifPresent(error -> JobAccess.put(json, error));
        }
        return steps;
    }

    private static double fraction(StepView step) {
        return switch (step.state()) {
            case SUCCEEDED, SKIPPED -> 1;
            case WAITING, READY, RUNNING, FAILED, CANCELLED -> step.fraction();
        };
    }

    static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
