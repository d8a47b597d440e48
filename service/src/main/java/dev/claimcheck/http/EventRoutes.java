package dev.claimcheck.http;

import dev.claimcheck.events.CursorExpiredException;
import dev.claimcheck.events.Event;
import dev.claimcheck.events.EventFeed;
import dev.claimcheck.events.EventLog;
import dev.claimcheck.events.EventSubscription;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.OwnerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The owner's event log, page by page or as a stream, whole or of one job. */
final class EventRoutes {
    private static final int MOST_PER_PAGE = 1_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
    private static final String LATEST = "latest";

    private final EventLog log;
    private final EventFeed feed;
    private final JobQueries jobs;
    private final JobAccess access;
    private final EventStream stream;

    EventRoutes(EventLog log, EventFeed feed, JobQueries jobs, JobAccess access, StatusCache statuses) {
        this.log = log;
        this.feed = feed;
        this.jobs = jobs;
        this.access = access;
        this.stream = new EventStream(statuses);
    }

    void addTo(Router router) {
        router.on("GET", "/events", Router.Access.KEY, this::ofOwner)
                .on("GET", "/videos/jobs/{job_id}/events", Router.Access.KEY, this::ofJob);
    }

    /** Pages, unless a stream is asked for. */
    private Answer ofOwner(Exchange exchange) throws IOException, InterruptedException {
        boolean streamed = accept(exchange).contains(EventStream.CONTENT_TYPE);
        OwnerId owner = exchange.principal().owner();
        return streamed ? streamed(exchange, owner, null) : page(exchange, owner, Optional.empty());
    }

    /** A stream, unless JSON is asked for. */
    private Answer ofJob(Exchange exchange) throws IOException, InterruptedException {
        OwnerId owner = access.ownerOf(exchange);
        JobId id = jobs.find(owner, exchange.jobId())
                .orElseThrow(Exchange::noSuchJob)
                .id();
        String accept = accept(exchange);
        boolean paged = accept.contains("application/json") && !accept.contains(EventStream.CONTENT_TYPE);
        return paged ? page(exchange, owner, Optional.of(id)) : streamed(exchange, owner, id);
    }

    private Answer page(Exchange exchange, OwnerId owner, Optional<JobId> job) throws InterruptedException {
        int limit = number(exchange, "limit", 100, MOST_PER_PAGE);
        long wait = number(exchange, "wait", 0, (int) LONGEST_WAIT.toSeconds());
        String text = exchange.query("after").orElse("0");
        long after = text.equals(LATEST) ? log.end(owner) : cursor(text);
        List<Event> events = known(after, () -> log.after(owner, job, after, limit));
        if (events.isEmpty() && wait > 0) {
            events = awaited(owner, job, after, limit, Duration.ofSeconds(wait));
        }
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode list = body.putArray("events");
        events.forEach(event -> list.add(EventStream.json(event)));
        return Answer.json(
                200,
                body.put(
                        "next",
                        Long.toString(
                                events.isEmpty() ? after : events.getLast().id())));
    }

    private List<Event> awaited(OwnerId owner, Optional<JobId> job, long after, int limit, Duration wait)
            throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        try (EventSubscription reader = known(after, () -> feed.subscribe(owner, job, OptionalLong.of(after)))) {
            while (true) {
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                EventSubscription.Batch batch = reader.next(left.isNegative() ? Duration.ZERO : left);
                List<Event> events = batch.events();
                if (!events.isEmpty()) {
                    return events.subList(0, Math.min(limit, events.size()));
                }
                if (batch.ended() || left.isNegative()) {
                    return List.of();
                }
            }
        }
    }

    private Answer streamed(Exchange exchange, OwnerId owner, @Nullable JobId job)
            throws IOException, InterruptedException {
        Optional<String> last = exchange.header("Last-Event-ID").or(() -> exchange.query("after"));
        OptionalLong after = last.isPresent() && !last.get().equals(LATEST)
                ? OptionalLong.of(cursor(last.get()))
                : job == null || last.isPresent() ? OptionalLong.empty() : OptionalLong.of(0);
        EventSubscription reader = known(after.orElse(0), () -> feed.subscribe(owner, Optional.ofNullable(job), after));
        try (reader) {
            return stream.write(exchange, reader, job, last.isPresent());
        }
    }

    private static <T> T known(long cursor, Supplier<T> read) {
        try {
            return read.get();
        } catch (CursorExpiredException _) {
            throw new ApiException(
                    ErrorCode.CURSOR_EXPIRED,
                    "There is no event " + cursor
                            + " of yours any more: events are kept for a while only. Read your jobs anew (GET /videos/jobs), then go on from ?after=latest.");
        }
    }

    private static String accept(Exchange exchange) {
        return exchange.header("Accept").orElse("").toLowerCase(Locale.ROOT);
    }

    private static long cursor(String text) {
        if (!text.matches("\\d{1,18}")) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"after\" and Last-Event-ID take the id of the last event that you have, 0 for all, or \"latest\".");
        }
        return Long.parseLong(text);
    }

    private static int number(Exchange exchange, String name, int usual, int most) {
        String text = exchange.query(name).orElse(Integer.toString(usual));
        String digits = name.equals("wait") && text.endsWith("s") ? text.substring(0, text.length() - 1) : text;
        int least = name.equals("wait") ? 0 : 1;
        if (!digits.matches("\\d{1,4}") || Integer.parseInt(digits) < least) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"" + name + "\" must be a whole number from " + least + " to " + most + ".");
        }
        return Math.min(most, Integer.parseInt(digits));
    }
}
