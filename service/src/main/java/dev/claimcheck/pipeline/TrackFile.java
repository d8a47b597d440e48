package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Puts a track together from its published segments: several are fetched side by side, each written to its place, for an object store takes its time to answer. */
final class TrackFile {
    private TrackFile() {}

    /** Writes these outputs, one behind the other, into the scratch file {@code name}. */
    static void join(StepWorkspace workspace, List<Output> pieces, String name) throws InterruptedException {
        try (FileChannel to = FileChannel.open(
                workspace.scratch().resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            List<Callable<Boolean>> copies = new ArrayList<>();
            long at = 0;
            for (Output piece : pieces) {
                long start = at;
                copies.add(() -> copy(workspace, piece, to, start));
                at += piece.size();
            }
            SideBySide.run(copies, "a track cannot be put together");
        } catch (IOException e) {
            throw new StorageException("a track cannot be put together", e);
        }
    }

    private static boolean copy(StepWorkspace workspace, Output piece, FileChannel to, long start) throws IOException {
        try (SeekableByteChannel from = workspace.open(piece)) {
            long done = 0;
            while (done < piece.size()) {
                long copied = to.transferFrom(from, start + done, piece.size() - done);
                if (copied <= 0) {
                    throw new IOException("output " + piece.path() + " is shorter than it was");
                }
                done += copied;
            }
            return true;
        }
    }
}
