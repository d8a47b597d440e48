package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Records what came of tries: of the delivery, of those that wait behind it, and of the endpoint. Each is one transaction that holds the endpoint's lock. Thread-safe. */
final class DeliveryOutcomes {
    private static final String LOCK = """
            SELECT owner, failures, failing_since, disabled_at FROM webhook_endpoint WHERE endpoint_id = :endpoint FOR NO KEY UPDATE
            """;

    private static final String ENDED = """
            UPDATE webhook_delivery
            SET status = :status, finished_at = now(), next_attempt_at = NULL, claimed_by = NULL, claimed_until = NULL,
                last_status_code = :code, last_error = :error
            WHERE delivery_id = :delivery AND attempts = :attempt AND status = 'WAITING'
            """;

    private static final String RETRY = """
            UPDATE webhook_delivery
            SET next_attempt_at = :next, claimed_by = NULL, claimed_until = NULL, last_status_code = :code, last_error = :error
            WHERE delivery_id = :delivery AND attempts = :attempt AND status = 'WAITING'
            """;

    private static final String LOG = """
            INSERT INTO webhook_attempt (delivery_id, attempt, at, duration_ms, url, request_headers, status_code, response_headers, response_body, error)
            VALUES (:delivery, :attempt, :at, :duration, :url, CAST(:request AS jsonb), :code, CAST(:response AS jsonb), :body, :error)
            ON CONFLICT DO NOTHING
            """;

    private static final String NEXT_IN_LINE = """
            UPDATE webhook_delivery SET next_attempt_at = now()
            WHERE next_attempt_at IS NULL AND delivery_id = (
                SELECT min(delivery_id) FROM webhook_delivery WHERE endpoint_id = :endpoint AND job_id = :job AND status = 'WAITING')
            """;

    private static final String SUCCEEDED = """
            UPDATE webhook_endpoint
            SET failures = 0, failing_since = NULL, open_until = NULL, last_delivery_at = now(), last_status_code = :code
            WHERE endpoint_id = :endpoint
            """;

    private static final String FAILED = """
            UPDATE webhook_endpoint
            SET failures = failures + 1, failing_since = coalesce(failing_since, now()), open_until = :open_until,
                last_delivery_at = now(), last_status_code = :code
            WHERE endpoint_id = :endpoint
            """;

    private static final String DISABLE = """
            WITH disabled AS (
                UPDATE webhook_endpoint SET disabled_at = now(), disabled_reason = :reason, updated_at = now()
                WHERE endpoint_id = :endpoint AND disabled_at IS NULL
                RETURNING owner, endpoint_id
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, NULL, 'webhook.disabled', jsonb_build_object('endpoint_id', endpoint_id, 'reason', CAST(:reason AS text)) FROM disabled
            )
            SELECT pg_notify('claimcheck_events', '')
            """;

    private final Database database;
    private final BackOff backOff;
    private final Duration disableAfter;
    private final RandomGenerator random;
    private final InstantSource clock;

    DeliveryOutcomes(
            Database database, BackOff backOff, Duration disableAfter, RandomGenerator random, InstantSource clock) {
        this.database = database;
        this.backOff = backOff;
        this.disableAfter = disableAfter;
        this.random = random;
        this.clock = clock;
    }

    /**
     * One try, as the delivery log has it.
     *
     * @param headers of the request
     */
    record Attempt(Instant at, Duration duration, Map<String, String> headers, AttemptResult result) {}

    private record Endpoint(int failures, Optional<Instant> failingSince) {}

    /** Records it. A delivery that another process has taken over meanwhile, or that is gone with its endpoint, is left alone. */
    void record(ClaimedDelivery delivery, Attempt attempt) {
        database.useTransaction(handle -> handle.createQuery(LOCK)
                .bind("endpoint", delivery.endpoint())
                .map((row, _) -> new Endpoint(row.getInt("failures"), WebhookEndpoints.time(row, "failing_since")))
                .findOne()
                .ifPresent(endpoint -> record(handle, delivery, attempt, endpoint)));
    }

    private void record(Handle handle, ClaimedDelivery delivery, Attempt attempt, Endpoint endpoint) {
        boolean counts = switch (attempt.result()) {
            case AttemptResult.Answered answer when answer.isSuccess() -> ended(handle, delivery, "SUCCEEDED", attempt);
            case AttemptResult.Answered answer when answer.isGone() -> ended(handle, delivery, "FAILED", attempt);
            case AttemptResult.Answered answer -> triedAgain(handle, delivery, attempt, answer.retryAfter());
            case AttemptResult.Failed _ -> triedAgain(handle, delivery, attempt, Optional.empty());
        };
        if (!counts) {
            return;
        }
        log(handle, delivery, attempt);
        Integer code = code(attempt.result());
        if (attempt.result() instanceof AttemptResult.Answered answer && answer.isSuccess()) {
            handle.createUpdate(SUCCEEDED)
                    .bind("endpoint", delivery.endpoint())
                    .bind("code", code)
                    .execute();
            return;
        }
        Instant now = clock.instant();
        handle.createUpdate(FAILED)
                .bind("endpoint", delivery.endpoint())
                .bind("code", code)
                .bind(
                        "open_until",
                        backOff.openUntil(endpoint.failures() + 1, now)
                                .map(Timestamp::from)
                                .orElse(null))
                .execute();
        reasonToDisable(attempt.result(), endpoint, now)
                .ifPresent(reason -> handle.createQuery(DISABLE)
                        .bind("endpoint", delivery.endpoint())
                        .bind("reason", reason)
                        .mapTo(String.class)
                        .one());
    }

    private Optional<String> reasonToDisable(AttemptResult result, Endpoint endpoint, Instant now) {
        if (result instanceof AttemptResult.Answered answer && answer.isGone()) {
            return Optional.of("The endpoint answered 410 Gone: it does not want any more events.");
        }
        return endpoint.failingSince()
                .filter(since -> !now.isBefore(since.plus(disableAfter)))
                .map(since -> "Every delivery has failed since " + since.truncatedTo(ChronoUnit.SECONDS)
                        + "; the last: " + error(result)
                        + ". Mend the endpoint, switch it on again, and replay what it missed.");
    }

    private boolean triedAgain(Handle handle, ClaimedDelivery delivery, Attempt attempt, Optional<Instant> retryAfter) {
        Optional<Instant> giveUpAt = handle.createQuery(
                        "SELECT give_up_at FROM webhook_delivery WHERE delivery_id = :delivery")
                .bind("delivery", delivery.id())
                .map((row, _) -> row.getTimestamp("give_up_at").toInstant())
                .findOne();
        Optional<Instant> next =
                giveUpAt.flatMap(end -> backOff.next(delivery.attempt(), retryAfter, clock.instant(), end, random));
        if (next.isEmpty()) {
            return ended(handle, delivery, "FAILED", attempt);
        }
        return handle.createUpdate(RETRY)
                        .bind("next", Timestamp.from(next.get()))
                        .bind("code", code(attempt.result()))
                        .bind("error", error(attempt.result()))
                        .bind("delivery", delivery.id())
                        .bind("attempt", delivery.attempt())
                        .execute()
                == 1;
    }

    private static boolean ended(Handle handle, ClaimedDelivery delivery, String status, Attempt attempt) {
        boolean ended = handle.createUpdate(ENDED)
                        .bind("status", status)
                        .bind("code", code(attempt.result()))
                        .bind("error", status.equals("FAILED") ? error(attempt.result()) : null)
                        .bind("delivery", delivery.id())
                        .bind("attempt", delivery.attempt())
                        .execute()
                == 1;
        if (ended && delivery.job() != null) {
            nextInLine(handle, delivery.endpoint(), delivery.job().value());
        }
        return ended;
    }

    /** Makes the earliest of the job's events that wait for the endpoint due. */
    static void nextInLine(Handle handle, UUID endpoint, UUID job) {
        handle.createUpdate(NEXT_IN_LINE)
                .bind("endpoint", endpoint)
                .bind("job", job)
                .execute();
    }

    private static void log(Handle handle, ClaimedDelivery delivery, Attempt attempt) {
        AttemptResult.@Nullable Answered answer =
                attempt.result() instanceof AttemptResult.Answered answered ? answered : null;
        handle.createUpdate(LOG)
                .bind("delivery", delivery.id())
                .bind("attempt", delivery.attempt())
                .bind("at", Timestamp.from(attempt.at()))
                .bind("duration", attempt.duration().toMillis())
                .bind("url", delivery.url())
                .bind("request", JsonMapper.shared().writeValueAsString(attempt.headers()))
                .bind("code", code(attempt.result()))
                .bind("response", answer == null ? null : JsonMapper.shared().writeValueAsString(answer.headers()))
                .bind("body", answer == null ? null : answer.body())
                .bind("error", attempt.result() instanceof AttemptResult.Failed failed ? failed.error() : null)
                .execute();
    }

    private static @Nullable Integer code(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Answered answer -> answer.status();
            case AttemptResult.Failed _ -> null;
        };
    }

    private static String error(AttemptResult result) {
        return switch (result) {
            case AttemptResult.Answered answer
            when answer.status() >= 300 && answer.status() < 400 ->
                "answered " + answer.status() + ", and redirects are not followed: enter the address that it leads to";
            case AttemptResult.Answered answer -> "answered " + answer.status() + " instead of 2xx";
            case AttemptResult.Failed failed -> failed.error();
        };
    }
}
