package dev.claimcheck.http;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.events.Event;
import dev.claimcheck.events.EventSubscription;
import dev.claimcheck.job.JobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server-Sent Events (WHATWG HTML §9.2): every logged event with its id, and {@code progress} with the job's status, which is not logged and has none. A reader who takes nothing for as long as the server's idle
 * timeout is dropped; with {@code Last-Event-ID} it goes on where it was. Thread-safe.
 */
final class EventStream {
    static final String CONTENT_TYPE = "text/event-stream";
    /** Below what proxies take for a dead connection. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final ByteBuffer BEGINNING = Answer.utf8("retry: 2000\n\n");
    private static final ByteBuffer BEAT = Answer.utf8(": still here\n\n");

    /** After these there may be nothing more to say of a job. */
    private static final Set<String> ENDS =
            Set.of("job.completed", "job.failed", "job.cancelled", "job.expired", "job.merged", "job.deleted");

    private final StatusCache statuses;
    private final EncodedEvents encoded = new EncodedEvents();

    EventStream(StatusCache statuses) {
        this.statuses = statuses;
    }

    /** An event as clients read it. */
    static ObjectNode json(Event event) {
        JobId job = event.job();
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("id", Long.toString(event.id()))
                .put("type", event.type())
                .put("job_id", job == null ? null : job.toString())
                .put("at", JobJson.text(event.at()));
        json.set("data", JsonMapper.shared().readTree(event.data()));
        return json;
    }

    /**
     * Writes until the reader goes, the service stops, or, for one job, all has been said: then a browser that asks again learns by 204 that it need not.
     *
     * @param resumed whether the reader has been here before
     */
    Answer write(Exchange exchange, EventSubscription reader, @Nullable JobId job, boolean resumed)
            throws IOException, InterruptedException {
        EventSubscription.Batch batch = next(reader, Duration.ZERO);
        if (job != null && resumed && batch.events().isEmpty() && hasEnded(job)) {
            return Answer.empty(204);
        }
        HttpFields.Mutable headers = exchange.response().getHeaders();
        headers.put("Content-Type", CONTENT_TYPE);
        headers.put("Cache-Control", "no-store");
        headers.put("X-Accel-Buffering", "no");
        write(exchange, BEGINNING);
        boolean atEnd = true;
        while (!batch.ended() && !(job != null && atEnd && batch.events().isEmpty() && hasEnded(job))) {
            write(exchange, batch.isEmpty() ? BEAT : bytes(batch));
            atEnd = batch.isEmpty() || batch.events().stream().map(Event::type).anyMatch(ENDS::contains);
            batch = next(reader, job != null && atEnd && !batch.isEmpty() ? Duration.ZERO : HEARTBEAT);
        }
        exchange.response().write(true, null, exchange.callback());
        return new Answer.Written();
    }

    /** While the database is away the connection stays, and beats. */
    private static EventSubscription.Batch next(EventSubscription reader, Duration limit) throws InterruptedException {
        try {
            return reader.next(limit);
        } catch (DatabaseUnavailableException _) {
            Thread.sleep(Duration.ofSeconds(1));
            return new EventSubscription.Batch(List.of(), Set.of(), false);
        }
    }

    /** While the database is away nobody can tell, so the stream goes on. */
    private boolean hasEnded(JobId job) {
        try {
            return statuses.load(job).map(StatusCache.Entry::terminal).orElse(true);
        } catch (DatabaseUnavailableException _) {
            return false;
        }
    }

    private ByteBuffer bytes(EventSubscription.Batch batch) {
        List<ByteBuffer> parts = new ArrayList<>();
        batch.events().forEach(event -> parts.add(encoded.of(event)));
        batch.progressed().forEach(job -> progress(job).ifPresent(parts::add));
        ByteBuffer all = ByteBuffer.allocate(
                parts.stream().mapToInt(ByteBuffer::remaining).sum());
        parts.forEach(part -> all.put(part.duplicate()));
        return all.flip();
    }

    /** Nothing while the database is away: progress is told again when it moves on. */
    private Optional<ByteBuffer> progress(JobId job) {
        try {
            return statuses.load(job)
                    .map(entry -> Answer.utf8("event: progress\ndata: "
                            + StandardCharsets.UTF_8.decode(entry.body().duplicate()) + "\n\n"));
        } catch (DatabaseUnavailableException _) {
            return Optional.empty();
        }
    }

    private static void write(Exchange exchange, ByteBuffer bytes) throws IOException {
        Content.Sink.write(exchange.response(), false, bytes.duplicate());
    }
}
