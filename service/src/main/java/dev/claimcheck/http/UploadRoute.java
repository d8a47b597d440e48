package dev.claimcheck.http;

import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Submission;
import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.Uploads;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /videos/upload}: a multipart form with the part {@code file}, or a raw body with {@code ?filename=}. */
final class UploadRoute {
    private static final String DEFAULT_PROFILE = "web";

    private final Uploads uploads;
    private final JobJson json;
    private final long maxSize;

    UploadRoute(Uploads uploads, JobJson json, long maxSize) {
        this.uploads = uploads;
        this.json = json;
        this.maxSize = maxSize;
    }

    Answer answer(Exchange exchange) throws InterruptedException {
        String contentType = exchange.header("Content-Type").orElse("");
        return contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")
                ? multipart(exchange, contentType)
                : raw(exchange, contentType);
    }

    private Answer raw(Exchange exchange, String contentType) throws InterruptedException {
        FileName name = FileName.of(exchange.query("filename").orElse(""));
        Priority priority = priority(exchange.query("priority"));
        String profile = profile(exchange.query("profile"));
        RequestBody body = new RequestBody(exchange.request(), maxSize, ErrorCode.FILE_TOO_LARGE);
        if (exchange.request().getLength() == 0) {
            throw emptyFile();
        }
        Uploads.Begun upload = uploads.begin();
        try (var file = upload.file()) {
            body.read(file::write);
            requireContent(file.size());
            return accepted(
                    upload,
                    new Uploads.Described(
                            exchange.principal().owner(),
                            name,
                            contentType.isEmpty() ? null : contentType,
                            profile,
                            priority));
        }
    }

    private Answer multipart(Exchange exchange, String contentType) throws InterruptedException {
        RequestBody body =
                new RequestBody(exchange.request(), maxSize + MultipartForm.MOST_OVERHEAD, ErrorCode.FILE_TOO_LARGE);
        exchange.query("filename").ifPresent(FileName::of);
        Uploads.Begun upload = uploads.begin();
        try (var file = upload.file()) {
            MultipartForm form = new MultipartForm(contentType, file, maxSize);
            body.readChunks(form::parse);
            form.requireComplete();
            FileName name = FileName.of(exchange.query("filename").orElseGet(form::filename));
            requireContent(file.size());
            return accepted(
                    upload,
                    new Uploads.Described(
                            exchange.principal().owner(),
                            name,
                            form.fileContentType(),
                            profile(exchange.query("profile").or(() -> form.field("profile"))),
                            priority(exchange.query("priority").or(() -> form.field("priority")))));
        }
    }

    private Answer accepted(Uploads.Begun upload, Uploads.Described described) {
        return switch (uploads.finish(upload, described)) {
            case Submission.Created created ->
                answer(202, created.jobId().toString(), JobStatus.PENDING, "File uploaded. Processing has started.");
            case Submission.Existing existing ->
                answer(200, existing.jobId().toString(), existing.status(), "File already uploaded");
            case Submission.Reopened reopened ->
                answer(
                        200,
                        reopened.jobId().toString(),
                        JobStatus.PENDING,
                        "File already uploaded; what failed is being processed again");
        };
    }

    private Answer answer(int httpStatus, String jobId, JobStatus status, String message) {
        String statusUrl = json.statusUrl(jobId);
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", jobId)
                .put("status", status.name())
                .put("message", message)
                .put("status_url", statusUrl);
        return Answer.json(httpStatus, body, Map.of("Location", statusUrl, "Retry-After", "2"));
    }

    private static void requireContent(long size) {
        if (size == 0) {
            throw emptyFile();
        }
    }

    private static ApiException emptyFile() {
        return new ApiException(
                ErrorCode.EMPTY_FILE,
                "The file has no content. Check that it was written completely and send it again.");
    }

    private static Priority priority(Optional<String> text) {
        return text.map(word ->
                        Exchange.oneOf(word.toUpperCase(Locale.ROOT), List.of(Priority.values()), "\"priority\""))
                .orElse(Priority.NORMAL);
    }

    private static String profile(Optional<String> text) {
        String profile = text.orElse(DEFAULT_PROFILE);
        if (!profile.equals(DEFAULT_PROFILE)) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "There is no such profile. Leave \"profile\" out, or say \"web\".");
        }
        return profile;
    }
}
