package dev.claimcheck.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The owner's event log, one order without gaps: {@link ClaimcheckClient#events()}. Thread-safe.
 *
 * {@snippet file="ClientExamples.java" region="events"}
 */
public final class Events {
    /** The cursor of the log's end. */
    public static final String LATEST = "latest";
    /** The cursor of its beginning. */
    public static final String BEGINNING = "0";

    /** The service says something every 15 seconds, though nothing happens. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private final HttpCalls calls;

    Events(HttpCalls calls) {
        this.calls = calls;
    }

    /** Some events, and the cursor behind them. */
    public record Page(List<Event> events, String next) {
        public Page {
            events = List.copyOf(events);
        }
    }

    /** Told of what a stream does between events. */
    @FunctionalInterface
    public interface Trouble {
        /** The stream broke; it goes on where it was, after that pause. */
        void broken(ClaimcheckException trouble, Duration pause);
    }

    /**
     * The events behind {@code after}.
     *
     * @param after the last event that is known, {@link #BEGINNING} or {@link #LATEST}
     * @param jobId only those of that job
     * @throws ClaimcheckException {@code cursor_expired} when the log does not go back so far
     */
    public Page page(String after, Optional<String> jobId, int limit) throws InterruptedException {
        return page(after, jobId, limit, Duration.ZERO);
    }

    /**
     * The same, waiting where there is none.
     *
     * @param wait at most 60 s
     */
    public Page page(String after, Optional<String> jobId, int limit, Duration wait) throws InterruptedException {
        JsonNode answer = calls.ask(calls.transferRequest(new JsonCalls.Path(path(jobId))
                        .with("after", after)
                        .with("limit", Integer.toString(limit))
                        .with("wait", wait.isZero() ? "" : wait.toSeconds() + "s")
                        .toString())
                .timeout(wait.plus(HttpCalls.ANSWER_LIMIT))
                .header("Accept", "application/json")
                .GET()
                .build());
        return new Page(
                answer.path("events").valueStream().map(Event::of).toList(),
                answer.path("next").asString(""));
    }

    /**
     * Every event behind {@code after}, one after the other, as it happens. {@link EventFollower#cursor} is where to go on after a restart.
     *
     * @param after the last event that is known, {@link #BEGINNING} or {@link #LATEST}
     */
    public EventFollower iterate(String after) {
        return new EventFollower(this, after, Optional.empty());
    }

    /** Every event of one job from its creation until it has ended. */
    public EventFollower iterateJob(String jobId) {
        return new EventFollower(this, BEGINNING, Optional.of(jobId));
    }

    /**
     * Tells every event behind {@code after}, those that are there and those to come, in their order, none twice and none left out, however often the line breaks: it is made anew. Returns when the
     * job has ended, where it is of one; else never. Interrupting the thread ends it.
     *
     * @param after the last event that is known, {@link #BEGINNING} or {@link #LATEST}
     * @throws ClaimcheckException when the service refuses it for good
     */
    public void follow(String after, Optional<String> jobId, Consumer<Event> onEvent, Trouble onTrouble)
            throws InterruptedException {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        String cursor = after;
        while (true) {
            Duration pause;
            try {
                if (cursor.equals(LATEST)) {
                    // Named, so that what happens before the first event arrives is not lost with a line that breaks.
                    cursor = page(LATEST, jobId, 1).next();
                }
                Stream stream = new Stream(cursor, onEvent);
                boolean ended;
                try {
                    ended = stream.read(jobId);
                } finally {
                    if (!stream.cursor.equals(cursor)) {
                        schedule = new PollingSchedule(ThreadLocalRandom.current());
                        cursor = stream.cursor;
                    }
                }
                if (ended) {
                    return;
                }
                pause = Duration.ofMillis(100); // It was ended in order: by a stop of the service, or with the job.
            } catch (ClaimcheckException e) {
                if (!e.isPassing()) {
                    throw e;
                }
                pause = schedule.afterError(e.retryAfter());
                onTrouble.broken(e, pause);
            }
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
        }
    }

    private static String path(Optional<String> jobId) {
        return jobId.map(id -> "/videos/jobs/" + HttpCalls.encode(id) + "/events")
                .orElse("/events");
    }

    /** One connection: the lines of an event stream (WHATWG HTML, server-sent events). */
    private final class Stream {
        private final Consumer<Event> onEvent;
        private String cursor;
        private String id = "";
        private final StringBuilder data = new StringBuilder();

        Stream(String cursor, Consumer<Event> onEvent) {
            this.cursor = cursor;
            this.onEvent = onEvent;
        }

        /** Whether there will be nothing more. */
        boolean read(Optional<String> jobId) throws InterruptedException {
            HttpRequest request = calls.transferRequest(path(jobId))
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", cursor)
                    .GET()
                    .build();
            try (LineFeed lines = calls.stream(request)) {
                for (Optional<String> line = lines.next(LONGEST_SILENCE);
                        line.isPresent();
                        line = lines.next(LONGEST_SILENCE)) {
                    take(line.get());
                }
                HttpResponse<String> response = lines.response();
                HttpCalls.require(response);
                return response.statusCode() == 204;
            }
        }

        private void take(String line) {
            if (line.isEmpty()) {
                dispatch();
            } else if (line.startsWith("data:")) {
                data.append(value(line)).append('\n');
            } else if (line.startsWith("id:")) {
                id = value(line);
            }
        }

        /** What has no id is progress: it is not in the log. */
        private void dispatch() {
            if (!id.isEmpty() && !data.isEmpty()) {
                try {
                    onEvent.accept(Event.of(JsonMapper.shared().readTree(data.toString())));
                } catch (JacksonException e) {
                    throw new ClaimcheckException("bad_answer", "The service sent an event that is not JSON.", e);
                }
                cursor = id;
            }
            id = "";
            data.setLength(0);
        }

        private static String value(String line) {
            String value = line.substring(line.indexOf(':') + 1);
            return value.startsWith(" ") ? value.substring(1) : value;
        }
    }
}
