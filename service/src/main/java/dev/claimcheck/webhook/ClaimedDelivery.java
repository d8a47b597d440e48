package dev.claimcheck.webhook;

import dev.claimcheck.job.JobId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A delivery that this process is to try now.
 *
 * @param attempt which try this is, from 1 on; with the id it tells this claim apart
 * @param data of the event, a JSON object
 * @param secrets to sign with, sealed, the newest first
 */
record ClaimedDelivery(
        long id,
        int attempt,
        UUID endpoint,
        String url,
        String messageId,
        @Nullable JobId job,
        String type,
        Instant happenedAt,
        String data,
        List<byte[]> secrets) {
    /** The request's body; the same for every try. */
    String body() {
        return body(messageId, job, type, happenedAt, data);
    }

    /** What a request says of an event: {@code type}, {@code timestamp} and {@code data}, as Standard Webhooks has it. */
    static String body(String messageId, @Nullable JobId job, String type, Instant happenedAt, String data) {
        ObjectNode inner = JsonMapper.shared()
                .createObjectNode()
                .put("event_id", messageId)
                .put("job_id", job == null ? null : job.toString());
        JsonNode event = JsonMapper.shared().readTree(data);
        event.properties().forEach(member -> inner.set(member.getKey(), member.getValue()));
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("type", type)
                .put("timestamp", happenedAt.truncatedTo(ChronoUnit.MILLIS).toString());
        body.set("data", inner);
        return body.toString();
    }
}
