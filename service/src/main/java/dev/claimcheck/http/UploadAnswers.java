package dev.claimcheck.http;

import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Submission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What every way in has in common: what it answers when a file has come, and what a client may say of it. */
final class UploadAnswers {
    private final JobJson json;
    private final ProcessingReader processing;

    UploadAnswers(JobJson json, ProcessingReader processing) {
        this.json = json;
        this.processing = processing;
    }

    /** 202 for a new job, 200 for one that was there. */
    Answer.InMemory handedIn(Submission submission) {
        return handedIn(submission, Map.of());
    }

    /** As {@link #handedIn(Submission)}, with further headers. */
    Answer.InMemory handedIn(Submission submission, Map<String, String> headers) {
        return switch (submission) {
            case Submission.Created created ->
                answer(
                        202,
                        created.jobId().toString(),
                        JobStatus.PENDING,
                        "File uploaded. Processing has started.",
                        headers);
            case Submission.Existing existing ->
                answer(200, existing.jobId().toString(), existing.status(), "File already uploaded", headers);
            case Submission.Reopened reopened ->
                answer(
                        200,
                        reopened.jobId().toString(),
                        JobStatus.PENDING,
                        "File already uploaded; what failed is being processed again",
                        headers);
        };
    }

    /** As {@link #handedIn(Submission)}, where nothing was sent. */
    Answer.InMemory processedAgain(Submission submission) {
        return switch (submission) {
            case Submission.Created created ->
                answer(
                        202,
                        created.jobId().toString(),
                        JobStatus.PENDING,
                        "The file is processed again as this job.",
                        Map.of());
            case Submission.Existing existing ->
                answer(200, existing.jobId().toString(), existing.status(), "There is such a job already", Map.of());
            case Submission.Reopened reopened ->
                answer(
                        200,
                        reopened.jobId().toString(),
                        JobStatus.PENDING,
                        "There is such a job already; what failed is being processed again",
                        Map.of());
        };
    }

    /** The status of a job that was just handed in. */
    static JobStatus status(Submission submission) {
        return switch (submission) {
            case Submission.Created _, Submission.Reopened _ -> JobStatus.PENDING;
            case Submission.Existing existing -> existing.status();
        };
    }

    String statusUrl(String jobId) {
        return json.statusUrl(jobId);
    }

    static Priority priority(Optional<String> text) {
        return text.map(word ->
                        Exchange.oneOf(word.toUpperCase(Locale.ROOT), List.of(Priority.values()), "\"priority\""))
                .orElse(Priority.NORMAL);
    }

    /** What is to be made of the file, by the names of profile and options. */
    Processing processing(OwnerId owner, Function<String, Optional<String>> members) {
        return processing.read(owner, members);
    }

    private Answer.InMemory answer(
            int httpStatus, String jobId, JobStatus status, String message, Map<String, String> headers) {
        String statusUrl = json.statusUrl(jobId);
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", jobId)
                .put("status", status.name())
                .put("message", message)
                .put("status_url", statusUrl);
        Map<String, String> all = new LinkedHashMap<>(Map.of("Location", statusUrl, "Retry-After", "2"));
        all.putAll(headers);
        return Answer.json(httpStatus, body, all);
    }
}
