package dev.claimcheck.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at what a process leaves in its scratch folder: how much, and that it is plain files. A symbolic link that a hijacked ffmpeg leaves there would be followed by
 * <em>us</em>, outside of its sandbox, to whatever it names.
 */
final class ScratchWatch {
    private final Path scratch;
    private final ProcessLimits bounds;
    private final Contents before;

    /** What a folder holds. */
    private record Contents(long files, long bytes, List<Path> odd) {}

    ScratchWatch(Path scratch, ProcessLimits bounds) {
        this.scratch = scratch;
        this.bounds = bounds;
        this.before = look();
    }

    /** Whether more was left than allowed. */
    boolean isOverfull() {
        Contents now = look();
        return now.files() - before.files() > bounds.files() || now.bytes() - before.bytes() > bounds.outputBytes();
    }

    /** Removes what is neither a plain file nor a folder; whether there was any. For when the process has ended. */
    boolean removeOddities() {
        List<Path> odd = look().odd();
        try {
            for (Path path : odd) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new MediaTroubleException("scratch cannot be cleaned", e);
        }
        return !odd.isEmpty();
    }

    private Contents look() {
        long[] counts = new long[2];
        List<Path> odd = new ArrayList<>();
        try {
            Files.walkFileTree(scratch, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    counts[0]++;
                    counts[1] += attributes.size();
                    if (!attributes.isRegularFile()) {
                        odd.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    counts[0]++;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE; // Renamed or removed while we look.
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("scratch cannot be looked at", e);
        }
        return new Contents(counts[0], counts[1], odd);
    }
}
