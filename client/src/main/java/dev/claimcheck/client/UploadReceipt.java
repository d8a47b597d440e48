package dev.claimcheck.client;

import tools.jackson.databind.JsonNode;

/**
 * The claim check: which job an upload belongs to.
 *
 * @param status of the job when the upload ended, such as {@code PENDING}
 * @param message for people
 * @param statusUrl of the job; a path of the service, or a whole address ({@link ClaimcheckClient#resolve})
 * @param alreadyUploaded whether the service said that it had the file before; it may find that out later, too
 */
public record UploadReceipt(String jobId, String status, String message, String statusUrl, boolean alreadyUploaded) {
    /** As the service answers when it has a file. */
    static UploadReceipt of(JsonNode answer, boolean alreadyUploaded) {
        return new UploadReceipt(
                answer.path("job_id").asString(),
                answer.path("status").asString(""),
                answer.path("message").asString(""),
                answer.path("status_url").asString(""),
                alreadyUploaded);
    }

    /** Where the service named the job alone; another one than it was opened for had the file before. */
    static UploadReceipt begun(String jobId, String openedFor) {
        boolean known = !openedFor.isEmpty() && !openedFor.equals(jobId);
        return new UploadReceipt(
                jobId,
                "PENDING",
                known ? "File already uploaded" : "File uploaded. Processing has started.",
                "/videos/jobs/" + jobId + "/status",
                known);
    }
}
