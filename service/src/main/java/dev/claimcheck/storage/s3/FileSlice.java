package dev.claimcheck.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import software.amazon.awssdk.core.sync.RequestBody;

/** A stretch of a file, read once from its start to its end. */
final class FileSlice extends InputStream {
    private final FileChannel channel;
    private final long end;
    private long at;

    private FileSlice(FileChannel channel, long offset, long length) {
        this.channel = channel;
        this.at = offset;
        this.end = offset + length;
    }

    /** The stretch as the body of a request; each try reads it anew. */
    static RequestBody body(Path file, long offset, long length) {
        return RequestBody.fromContentProvider(() -> open(file, offset, length), length, "application/octet-stream");
    }

    private static InputStream open(Path file, long offset, long length) {
        if (length == 0) {
            return InputStream.nullInputStream(); // There may be no file at all.
        }
        try {
            return new FileSlice(FileChannel.open(file, StandardOpenOption.READ), offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (at >= end) {
            return -1;
        }
        int read = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, end - at)), at);
        at += Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
