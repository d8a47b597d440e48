package dev.claimcheck.client;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lines of an answer that goes on and on, taken as they come; a reader that is slow holds the line up instead of filling memory. Other answers than 200 have no lines. For one reader; waiting for a line can be
 * interrupted, which a stream of {@link java.net.http.HttpClient} itself cannot.
 */
final class LineFeed implements Flow.Subscriber<String>, AutoCloseable {
    private static final int AHEAD = 256;
    private static final Optional<String> END = Optional.empty();

    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final Function<Throwable, ClaimcheckException> broken;
    private @Nullable CompletableFuture<HttpResponse<String>> answer;
    private volatile Flow.@Nullable Subscription subscription;

    /** @param broken how a break of the line is told */
    LineFeed(Function<Throwable, ClaimcheckException> broken) {
        this.broken = broken;
    }

    BodyHandler<String> handler() {
        return info -> info.statusCode() == 200
                ? BodySubscribers.fromLineSubscriber(this, _ -> "", StandardCharsets.UTF_8, null)
                : BodySubscribers.ofString(StandardCharsets.UTF_8);
    }

    /** The answer that the lines are of. */
    void of(CompletableFuture<HttpResponse<String>> response) {
        answer = response;
        CompletableFuture<?> _ = response.whenComplete((_, _) -> lines.add(END));
    }

    /**
     * The next line; empty at the end.
     *
     * @throws ClaimcheckException UNREACHABLE when the line breaks or is silent for so long
     */
    Optional<String> next(Duration longest) throws InterruptedException {
        Optional<String> line = lines.poll(longest.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw broken.apply(new IOException("nothing came for " + longest.toSeconds() + " s"));
        }
        if (line.isEmpty()) {
            response(); // Throws where it did not end in order.
        } else if (subscription != null) {
            subscription.request(1);
        }
        return line;
    }

    /** The answer, once there are no more lines. */
    HttpResponse<String> response() throws InterruptedException {
        try {
            return java.util.Objects.requireNonNull(answer).get();
        } catch (ExecutionException e) {
            throw broken.apply(e.getCause() == null ? e : e.getCause());
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        to.request(AHEAD);
    }

    @Override
    public void onNext(String line) {
        lines.add(Optional.of(line));
    }

    @Override
    public void onError(Throwable failure) {
        // The answer's future tells.
    }

    @Override
    public void onComplete() {
        // As above.
    }

    @Override
    public void close() {
        if (answer != null) {
            answer.cancel(true);
        }
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
