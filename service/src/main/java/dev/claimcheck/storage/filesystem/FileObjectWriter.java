package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file in {@code .incoming} and moves it to its place when it is committed. */
final class FileObjectWriter implements ObjectWriter {
    private final DurableFiles files;
    private final Path temporary;
    private final Path target;
    private final FileStretch content;
    private final DiskSpace.Share share;
    private boolean committed;

    FileObjectWriter(DurableFiles files, Path temporary, Path target, DiskSpace.Share share) {
        this.share = share;
        this.files = files;
        this.temporary = temporary;
        this.target = target;
        try {
            Files.createFile(temporary);
        } catch (IOException e) {
            throw DurableFiles.failure("an object cannot be started", e);
        }
        this.content = new FileStretch(files, temporary, 0, share);
    }

    @Override
    public void write(ByteBuffer bytes) {
        try {
            content.write(bytes);
        } catch (IOException e) {
            throw DurableFiles.failure("an object cannot be written", e);
        }
    }

    @Override
    public long size() {
        return content.size();
    }

    @Override
    public void commit() {
        if (committed) {
            throw new IllegalStateException("committed before");
        }
        try {
            content.finish();
            Path folder = DurableFiles.parent(target);
            Files.createDirectories(folder);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            committed = true;
            files.makeDurable(() -> content.force(target), folder);
        } catch (IOException e) {
            throw DurableFiles.failure("an object cannot be made durable", e);
        }
    }

    @Override
    public void close() {
        try {
            content.close();
            if (!committed) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new StorageException("an unfinished object cannot be dropped; it goes at the next start", e);
        } finally {
            if (!committed) {
                share.dropped(content.size());
            }
        }
    }
}
