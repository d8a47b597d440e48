package dev.claimcheck.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file as a request body, read piece by piece as the connection takes it: at most two pieces of 64 KiB are in memory. A piece counts as sent when the
 * connection asks for the next one. For one request; thread-safe.
 */
final class FileRegion implements BodyPublisher {
    private static final int PIECE = 64 << 10;

    private final SourceFile file;
    private final FileChannel channel;
    private final long offset;
    private final long length;
    private final Counter counter;
    private volatile long lastMove = System.nanoTime();
    private volatile @Nullable IOException failure;

    /** Told of every piece that has gone. */
    @FunctionalInterface
    interface Counter {
        void sent(long bytes);
    }

    FileRegion(SourceFile file, FileChannel channel, long offset, long length, Counter counter) {
        this.file = file;
        this.channel = channel;
        this.offset = offset;
        this.length = length;
        this.counter = counter;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        lastMove = System.nanoTime();
        subscriber.onSubscribe(new Pieces(subscriber));
    }

    /** How long the connection has taken nothing. */
    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - lastMove);
    }

    /** Why the file could not be read to the end of the region, where that is what ended the request. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    private ByteBuffer read(long at) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, length - at));
        while (piece.hasRemaining()) {
            if (channel.read(piece, offset + at + piece.position()) < 0) {
                throw new EOFException(file.path() + " ends before byte " + (offset + length));
            }
        }
        return piece.flip();
    }

    /** Hands out pieces on demand; a demand from within a hand-over is served by the loop that is running already. */
    private final class Pieces implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong demand = new AtomicLong();
        private volatile boolean over;
        private long at;
        private int underWay;

        Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long pieces) {
            if (pieces <= 0) {
                over = true;
                subscriber.onError(new IllegalArgumentException("a demand must be positive"));
                return;
            }
            if (demand.getAndAccumulate(pieces, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more) == 0) {
                serve();
            }
        }

        @Override
        public void cancel() {
            over = true;
        }

        private void serve() {
            do {
                if (over) {
                    return;
                }
                lastMove = System.nanoTime();
                if (underWay > 0) {
                    counter.sent(underWay);
                    underWay = 0;
                }
                if (at == length) {
                    over = true;
                    subscriber.onComplete();
                    return;
                }
                try {
                    ByteBuffer piece = read(at);
                    underWay = piece.remaining();
                    at += underWay;
                    subscriber.onNext(piece);
                    if (at == length && !over) {
                        complete();
                    }
                } catch (IOException e) {
                    over = true;
                    failure = e;
                    subscriber.onError(e);
                }
            } while (demand.decrementAndGet() > 0);
        }

        /** A subscriber need not ask again after the last piece. */
        private void complete() {
            over = true;
            counter.sent(underWay);
            underWay = 0;
            subscriber.onComplete();
        }
    }
}
