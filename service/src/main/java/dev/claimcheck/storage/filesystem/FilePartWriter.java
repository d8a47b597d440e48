package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.PartialWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Writes a stretch of a partial object's file in place. */
final class FilePartWriter implements PartialWriter {
    private final DurableFiles files;
    private final Path file;
    private final FileStretch content;
    private final DiskSpace.Share share;
    private boolean kept;

    FilePartWriter(DurableFiles files, Path file, long offset, DiskSpace.Share share) {
        this.share = share;
        this.files = files;
        this.file = file;
        this.content = new FileStretch(files, file, offset, share);
    }

    @Override
    public void write(ByteBuffer bytes) {
        try {
            content.write(bytes);
        } catch (IOException e) {
            throw DurableFiles.failure("a part of an object cannot be written", e);
        }
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public void keep() {
        try {
            content.finish();
            files.makeDurable(() -> content.force(file), DurableFiles.parent(file));
            kept = true;
        } catch (IOException e) {
            throw DurableFiles.failure("a part of an object cannot be made durable", e);
        }
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw DurableFiles.failure("a part of an object cannot be closed", e);
        } finally {
            if (!kept) {
                share.dropped(content.size()); // These bytes come again, and are counted again then.
            }
        }
    }
}
