package dev.claimcheck.storage.s3;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object by ranged GETs. Who jumps about gets short ranges, who reads on gets longer and longer ones, so that neither fetches much more than is read.
 * A connection that breaks is taken up again where it broke. Every range is of the same version of the object. Not thread-safe.
 */
final class S3ReadChannel implements SeekableByteChannel {
    private static final long FIRST_RANGE = 64L << 10;
    private static final long LONGEST_RANGE = 64L << 20;
    /** Reading over a short gap is quicker than asking anew. */
    private static final long SHORT_GAP = 64L << 10;

    private static final int TRIES = 3;
    private static final int BUFFER = 64 << 10;

    private final S3Bucket bucket;
    private final String key;
    private final String tag;
    private final long size;
    private @Nullable ResponseInputStream<GetObjectResponse> stream;
    private long streamAt;
    private long streamEnd;
    private long range = FIRST_RANGE;
    private long position;
    private boolean open = true;
    private byte[] buffer = new byte[0];

    S3ReadChannel(S3Bucket bucket, String key, String tag, long size) {
        this.bucket = bucket;
        this.key = key;
        this.tag = tag;
        this.size = size;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireOpen();
        if (position >= size) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return readOnce(target);
            } catch (IOException | SdkException e) {
                drop();
                if (attempt == TRIES || Thread.currentThread().isInterrupted()) {
                    throw new IOException("object " + key + " cannot be read at " + position, e);
                }
            }
        }
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        requireOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("a position is not negative");
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public SeekableByteChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        drop();
    }

    private int readOnce(ByteBuffer target) throws IOException {
        ResponseInputStream<GetObjectResponse> in = streamAtPosition();
        int wanted = (int) Math.min(Math.min(target.remaining(), BUFFER), streamEnd - position);
        int read;
        if (target.hasArray()) {
            read = in.read(target.array(), target.arrayOffset() + target.position(), wanted);
            if (read > 0) {
                target.position(target.position() + read);
            }
        } else {
            if (buffer.length < wanted) {
                buffer = new byte[BUFFER];
            }
            read = in.read(buffer, 0, wanted);
            target.put(buffer, 0, Math.max(0, read));
        }
        if (read < 0) {
            throw new IOException("the answer ended before its range");
        }
        position += read;
        streamAt = position;
        if (streamAt == streamEnd) {
            finish(in);
        }
        return read;
    }

    private ResponseInputStream<GetObjectResponse> streamAtPosition() throws IOException {
        ResponseInputStream<GetObjectResponse> current = stream;
        if (current != null && position >= streamAt && position - streamAt <= SHORT_GAP && position < streamEnd) {
            current.skipNBytes(position - streamAt);
            streamAt = position;
            return current;
        }
        boolean readingOn = current == null && position == streamEnd && position > 0;
        range = readingOn ? Math.min(range * 4, LONGEST_RANGE) : FIRST_RANGE;
        drop();
        return begin();
    }

    private ResponseInputStream<GetObjectResponse> begin() {
        long end = Math.min(size, position + range);
        ResponseInputStream<GetObjectResponse> begun = bucket.client()
                .getObject(object -> object.bucket(bucket.name())
                        .key(bucket.nameOf(key))
                        .ifMatch(tag)
                        .range("bytes=" + position + "-" + (end - 1)));
        stream = begun;
        streamAt = position;
        streamEnd = end;
        return begun;
    }

    /** A range read to its end gives its connection back. */
    private void finish(ResponseInputStream<GetObjectResponse> in) throws IOException {
        stream = null;
        in.close();
    }

    /** What is left of a range is not worth waiting for: its connection goes. */
    private void drop() {
        ResponseInputStream<GetObjectResponse> current = stream;
        stream = null;
        if (current != null) {
            current.abort();
        }
    }

    private void requireOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
