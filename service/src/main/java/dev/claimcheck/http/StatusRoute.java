package dev.claimcheck.http;

import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code GET /videos/jobs/{job_id}/status}: from memory while nothing changes; {@code wait} holds the answer until something does. */
final class StatusRoute {
    private static final Pattern WAIT = Pattern.compile("(\\d{1,3})s?");
    private static final Pattern PREFER_WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,3})(?:$|[,;\\s])");
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private final StatusCache cache;
    private final InstantSource clock;

    StatusRoute(StatusCache cache, InstantSource clock) {
        this.cache = cache;
        this.clock = clock;
    }

    Answer.@Nullable InMemory tryAnswer(Exchange exchange) {
        StatusCache.Entry entry = cache.remembered(exchange.jobId());
        return entry == null
                        || !exchange.principal().mayReach(entry.owner())
                        || wait(exchange).isPresent()
                ? null
                : answer(exchange, entry);
    }

    Answer answer(Exchange exchange) throws InterruptedException {
        JobId id = cache.canonical(exchange.jobId());
        StatusCache.Entry entry = entry(exchange, id);
        Optional<Duration> wait = wait(exchange);
        if (wait.isPresent() && !entry.terminal()) {
            String known = exchange.header("If-None-Match").orElse(entry.etag());
            if (known.equals(entry.etag())) {
                cache.awaitChange(id, known, wait.get());
                entry = entry(exchange, id);
            }
        }
        return answer(exchange, entry);
    }

    /** Between two looks the job may turn out to be a duplicate: then the second finds it under the other one's id. */
    private StatusCache.Entry entry(Exchange exchange, JobId id) {
        return cache.load(id)
                .or(() -> cache.load(cache.canonical(id)))
                .filter(found -> exchange.principal().mayReach(found.owner()))
                .orElseThrow(Exchange::noSuchJob);
    }

    private Answer.InMemory answer(Exchange exchange, StatusCache.Entry entry) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", entry.etag());
        headers.put("Cache-Control", "private, no-cache");
        if (!entry.terminal()) {
            headers.put("Retry-After", retryAfter(entry.createdAt()));
        }
        if (entry.etag().equals(exchange.request().getHeaders().get("If-None-Match"))) {
            return new Answer.InMemory(304, headers, java.nio.ByteBuffer.allocate(0));
        }
        headers.put("Content-Type", "application/json");
        return new Answer.InMemory(200, headers, entry.body());
    }

    private String retryAfter(Instant createdAt) {
        long age = Duration.between(createdAt, clock.instant()).toSeconds();
        return age < 30 ? "2" : age < 300 ? "10" : "30";
    }

    private static Optional<Duration> wait(Exchange exchange) {
        if (exchange.request().getHttpURI().getQuery() == null
                && exchange.request().getHeaders().get("Prefer") == null) {
            return Optional.empty();
        }
        Optional<String> seconds = exchange.query("wait")
                .map(text -> {
                    Matcher matcher = WAIT.matcher(text);
                    if (!matcher.matches()) {
                        throw new ApiException(
                                ErrorCode.INVALID_REQUEST, "\"wait\" is a number of seconds such as 30s.");
                    }
                    return matcher.group(1);
                })
                .or(() -> exchange.header("Prefer")
                        .map(PREFER_WAIT::matcher)
                        .filter(Matcher::find)
                        .map(matcher -> matcher.group(1)));
        return seconds.map(Long::parseLong)
                .map(Duration::ofSeconds)
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }
}
