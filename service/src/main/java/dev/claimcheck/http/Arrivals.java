package dev.claimcheck.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the next bytes of a request. Jetty takes one demand at a time and cannot take it back: a reader that was called off leaves one behind, so whoever takes
 * in the rest of the body must share it. One thread reads; any thread may {@link #wake} it.
 */
final class Arrivals {
    private final Request request;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean demanded;

    private Arrivals(Request request) {
        this.request = request;
    }

    /** The same for everybody who reads this request. */
    static Arrivals of(Request request) {
        String name = Arrivals.class.getName();
        if (request.getAttribute(name) instanceof Arrivals known) {
            return known;
        }
        Arrivals arrivals = new Arrivals(request);
        request.setAttribute(name, arrivals);
        return arrivals;
    }

    /** The next chunk, to be released; null when none came within the limit, or when woken. */
    Content.@Nullable Chunk next(Duration limit) throws InterruptedException {
        if (!demanded) {
            Content.Chunk chunk = request.read();
            if (chunk != null) {
                return chunk;
            }
            demanded = true;
            request.demand(this::arrived);
        }
        boolean told = news.tryAcquire(Math.max(1, limit.toNanos()), TimeUnit.NANOSECONDS);
        return told && !demanded ? request.read() : null;
    }

    void wake() {
        news.release();
    }

    private void arrived() {
        demanded = false;
        news.release();
    }
}
