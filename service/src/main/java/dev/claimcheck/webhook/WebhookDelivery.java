package dev.claimcheck.webhook;

import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * An event on its way to an endpoint.
 *
 * @param messageId what the receiver knows it by: the event's id, of a test its own
 * @param nextAttemptAt empty while it is being tried, waits for an earlier event of its job, or has ended
 */
public record WebhookDelivery(
        long id,
        UUID endpoint,
        String messageId,
        String type,
        Optional<JobId> job,
        Status status,
        int attempts,
        Instant createdAt,
        Optional<Instant> nextAttemptAt,
        Optional<Instant> finishedAt,
        OptionalInt lastStatusCode,
        Optional<String> lastError) {
    /** Where it stands. */
    public enum Status {
        WAITING,
        SUCCEEDED,
        FAILED
    }

    /** One try, as it was logged. */
    public record Attempt(
            int number,
            Instant at,
            Duration duration,
            String url,
            Map<String, String> requestHeaders,
            Optional<Response> response,
            Optional<String> error) {}

    /**
     * What the receiver answered.
     *
     * @param body its beginning
     */
    public record Response(int statusCode, Map<String, String> headers, String body) {}

    /** A delivery with all that is known of it. */
    public record Detail(WebhookDelivery delivery, String requestBody, java.util.List<Attempt> attempts) {}
}
