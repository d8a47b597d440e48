package dev.claimcheck.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a request's body on a virtual thread, chunk by chunk, straight from Jetty's buffers: nothing is copied and nothing is held while
 * a slow client pauses.
 */
final class RequestBody {
    private final Request request;
    private final long mostBytes;
    private final ErrorCode tooLarge;

    RequestBody(Request request, long mostBytes, ErrorCode tooLarge) {
        this.request = request;
        this.mostBytes = mostBytes;
        this.tooLarge = tooLarge;
        // Before anything is read, so that a client that asked with "Expect: 100-continue" sends nothing.
        if (request.getLength() > mostBytes) {
            throw tooLarge();
        }
    }

    /** For a body of which nothing is wanted. */
    RequestBody(Request request) {
        this.request = request;
        this.mostBytes = Long.MAX_VALUE;
        this.tooLarge = ErrorCode.BODY_TOO_LARGE;
    }

    /** Takes in and drops what comes, until the end, a failure, or the limit. */
    void discard(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Semaphore available = new Semaphore(0);
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(available::release);
                if (!available.tryAcquire(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    return;
                }
                continue;
            }
            boolean over = Content.Chunk.isFailure(chunk) || chunk.isLast() || System.nanoTime() > deadline;
            chunk.release();
            if (over) {
                return;
            }
        }
    }

    /** Hands every chunk's bytes to the consumer; they are valid only during the call. */
    void readChunks(Consumer<Content.Chunk> consumer) throws InterruptedException {
        Semaphore available = new Semaphore(0);
        long received = 0;
        boolean wanted = true;
        while (wanted) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(available::release);
                available.acquire();
                continue;
            }
            if (Content.Chunk.isFailure(chunk)) {
                throw failure(chunk.getFailure());
            }
            try {
                received += chunk.remaining();
                if (received > mostBytes) {
                    throw tooLarge();
                }
                consumer.accept(chunk);
                wanted = !chunk.isLast();
            } finally {
                chunk.release();
            }
        }
    }

    /** As {@link #readChunks}, for bytes. */
    void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
        readChunks(chunk -> consumer.accept(chunk.getByteBuffer()));
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
                "The connection ended before the whole body had come. Nothing was kept; send it again.");
    }
}
