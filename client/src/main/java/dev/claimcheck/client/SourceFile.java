package dev.claimcheck.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A file that is being sent, as it was when that began. Thread-safe. */
final class SourceFile implements AutoCloseable {
    private static final int BUFFER = 256 << 10;

    private final Path path;
    private final long size;
    private final FileTime modified;
    private final FileChannel channel;

    private SourceFile(Path path, long size, FileTime modified, FileChannel channel) {
        this.path = path;
        this.size = size;
        this.modified = modified;
        this.channel = channel;
    }

    /** Bytes {@code offset} to {@code offset + length} of a file. */
    record Range(long offset, long length) {}

    /** Told how many bytes have been read. */
    @FunctionalInterface
    interface Read {
        void read(long bytes);
    }

    /** @throws ClaimcheckException NO_SUCH_FILE where it cannot be read */
    static SourceFile open(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw new ClaimcheckException(
                        0, ClaimcheckException.NO_SUCH_FILE, file + " is a folder. Name the files in it.");
            }
            return new SourceFile(
                    file.toRealPath(), attributes.size(), attributes.lastModifiedTime(), FileChannel.open(file));
        } catch (IOException e) {
            throw new ClaimcheckException(
                    ClaimcheckException.NO_SUCH_FILE, "There is no file " + file + " that can be read.", e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    FileTime modified() {
        return modified;
    }

    /** A part of it as a request body. */
    FileRegion region(long offset, long length, FileRegion.Counter counter) {
        return new FileRegion(this, channel, offset, length, counter);
    }

    /** @throws ClaimcheckException FILE_CHANGED where it is not what it was */
    void requireUnchanged() {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
                throw changed();
            }
        } catch (IOException e) {
            throw new ClaimcheckException(
                    ClaimcheckException.FILE_CHANGED, path + " went away while it was being sent.", e);
        }
    }

    /** The SHA-256 of the whole file, in hexadecimal digits. */
    String sha256(Read progress) throws InterruptedException {
        return sha256(List.of(new Range(0, size)), progress);
    }

    /** The SHA-256 of these ranges, one after the other. */
    String sha256(List<Range> ranges, Read progress) throws InterruptedException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long done = 0;
        // A channel of its own: an interrupt in the middle of a read closes the channel it reads from.
        try (FileChannel own = FileChannel.open(path)) {
            for (Range range : ranges) {
                own.position(range.offset());
                for (long left = range.length(); left > 0; ) {
                    int read = own.read(buffer.clear().limit((int) Math.min(BUFFER, left)));
                    if (read < 0) {
                        throw changed();
                    }
                    digest.update(buffer.flip());
                    left -= read;
                    done += read;
                    progress.read(done);
                }
            }
        } catch (ClosedByInterruptException _) {
            Thread.interrupted();
            throw new InterruptedException("reading " + path);
        } catch (IOException e) {
            throw new ClaimcheckException(ClaimcheckException.FILE_CHANGED, path + " cannot be read any more.", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(path + " cannot be closed", e);
        }
    }

    private ClaimcheckException changed() {
        return new ClaimcheckException(
                0,
                ClaimcheckException.FILE_CHANGED,
                path
                        + " was changed while it was being sent. Wait until it is written completely, then upload it again.");
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
