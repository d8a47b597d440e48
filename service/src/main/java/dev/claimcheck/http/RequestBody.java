package dev.claimcheck.http;

import dev.claimcheck.upload.UploadBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.Trailers;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's body on a virtual thread, chunk by chunk, straight from Jetty's buffers: nothing is copied and nothing is held while
 * a slow client pauses. One that is slower than allowed is ended.
 */
final class RequestBody implements UploadBody {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final BodyLimits limits;
    private final long mostBytes;
    private final ErrorCode tooLarge;
    private final @Nullable MessageDigest digest;
    private final Arrivals arrivals;
    private volatile boolean cancelled;
    private @Nullable HttpFields trailers;

    /** @param digest fed with everything that is read */
    RequestBody(
            Request request, BodyLimits limits, long mostBytes, ErrorCode tooLarge, @Nullable MessageDigest digest) {
        this.limits = limits;
        this.mostBytes = mostBytes;
        this.tooLarge = tooLarge;
        this.digest = digest;
        this.arrivals = Arrivals.of(request);
        // Before anything is read, so that a client that asked with "Expect: 100-continue" sends nothing.
        if (request.getLength() > mostBytes) {
            throw tooLarge();
        }
    }

    /** Takes in and drops what comes, until the end, a failure, or the limit. */
    static void discard(Request request, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Arrivals arrivals = Arrivals.of(request);
        boolean over = false;
        while (!over) {
            long left = deadline - System.nanoTime();
            Content.Chunk chunk = arrivals.next(Duration.ofNanos(left));
            over = left <= 0;
            if (chunk != null) {
                over |= Content.Chunk.isFailure(chunk) || chunk.isLast();
                chunk.release();
            }
        }
    }

    /** Hands every chunk's bytes to the consumer; they are valid only during the call. */
    void readChunks(Consumer<Content.Chunk> consumer) throws InterruptedException {
        Pace pace = new Pace();
        Duration lookAgainIn = limits.measuredOver().compareTo(LOOK_EVERY) < 0 ? limits.measuredOver() : LOOK_EVERY;
        long received = 0;
        boolean wanted = true;
        while (wanted) {
            if (cancelled) {
                throw new ApiException(
                        ErrorCode.SUPERSEDED,
                        "A later request of the same upload took this one's place. What had come is kept.");
            }
            pace.check();
            Content.Chunk chunk = arrivals.next(lookAgainIn);
            if (chunk == null) {
                continue;
            }
            if (Content.Chunk.isFailure(chunk)) {
                throw failure(chunk.getFailure());
            }
            try {
                if (chunk instanceof Trailers behind) {
                    trailers = behind.getTrailers();
                }
                received += chunk.remaining();
                pace.received(chunk.remaining());
                if (received > mostBytes) {
                    throw tooLarge();
                }
                if (digest != null) {
                    digest.update(chunk.getByteBuffer().slice());
                }
                consumer.accept(chunk);
                wanted = !chunk.isLast();
            } finally {
                chunk.release();
            }
        }
    }

    /** As {@link #readChunks}, for bytes. */
    @Override
    public void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
        readChunks(chunk -> consumer.accept(chunk.getByteBuffer()));
    }

    @Override
    public void cancel() {
        cancelled = true;
        arrivals.wake();
    }

    /** A trailer field; known once everything has been read. */
    Optional<String> trailer(String name) {
        return Optional.ofNullable(trailers).map(fields -> fields.get(name));
    }

    byte[] readAll() throws InterruptedException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        read(buffer -> {
            byte[] part = new byte[buffer.remaining()];
            buffer.get(part);
            bytes.writeBytes(part);
        });
        return bytes.toByteArray();
    }

    private ApiException tooLarge() {
        return new ApiException(
                tooLarge,
                "The largest body accepted here is " + mostBytes
                        + " bytes. Send a smaller file, or ask the operator to raise the limit.");
    }

    private static ApiException failure(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return new ApiException(
                    ErrorCode.UPLOAD_TIMEOUT,
                    "No bytes came for too long, so the upload was ended. Send it again over a steadier line.");
        }
        return new ApiException(
                ErrorCode.INCOMPLETE_BODY,
                "The connection ended before the whole body had come. Send it again, or go on where it stands if the upload is resumable.");
    }

    /** How fast the bytes come: an endless trickle must not hold a place for ever. */
    private final class Pace {
        private final long started = System.nanoTime();
        private long windowStarted = started;
        private long inWindow;

        void received(int bytes) {
            inWindow += bytes;
        }

        void check() {
            long now = System.nanoTime();
            if (now - started > limits.longest().toNanos()) {
                throw tooSlow("The request took longer than " + limits.longest().toSeconds() + " seconds");
            }
            long window = now - windowStarted;
            if (window >= limits.measuredOver().toNanos()) {
                if (inWindow < limits.bytesPerSecond() * limits.measuredOver().toMillis() / 1_000) {
                    throw tooSlow("Fewer than " + limits.bytesPerSecond() + " bytes came per second");
                }
                windowStarted = now;
                inWindow = 0;
            }
        }

        private ApiException tooSlow(String what) {
            return new ApiException(
                    ErrorCode.UPLOAD_TIMEOUT,
                    what
                            + ", so the request was ended. Use a resumable upload (/videos/tus): it goes on where it stands.");
        }
    }
}
