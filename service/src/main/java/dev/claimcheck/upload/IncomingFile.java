package dev.claimcheck.upload;

import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.storage.ObjectWriter;
import java.nio.ByteBuffer;

/** One file while it streams in: written to the store and hashed at once. Not thread-safe. Closing it without a commit drops it. */
public final class IncomingFile implements AutoCloseable {
    private final ObjectWriter writer;
    private final Runnable atEnd;
    private final RunningHash content = new RunningHash();

    /** @param atEnd called when the file is closed */
    IncomingFile(ObjectWriter writer, Runnable atEnd) {
        this.writer = writer;
        this.atEnd = atEnd;
    }

    /** Takes all remaining bytes of the buffer. */
    public void write(ByteBuffer bytes) {
        content.update(bytes);
        writer.write(bytes);
    }

    /** Bytes taken so far. */
    public long size() {
        return writer.size();
    }

    @Override
    public void close() {
        try {
            writer.close();
        } finally {
            atEnd.run();
        }
    }

    /** Makes the bytes durable. */
    void commit() {
        writer.commit();
    }

    /** What tells the content apart, under that name. */
    Fingerprint fingerprint(FileName name) {
        return content.fingerprint(name);
    }
}
