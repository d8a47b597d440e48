package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.media.HlsPlaylists;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gathers the files of an HLS presentation and stores them side by side: waiting for the disk one by one would cost more than the work. */
final class HlsPublisher {
    private static final String PLAYLIST = "application/vnd.apple.mpegurl";
    private static final int SIDE_BY_SIDE = 16;

    private final StepWorkspace workspace;
    private final List<Callable<Output>> uploads = new ArrayList<>();

    HlsPublisher(StepWorkspace workspace) {
        this.workspace = workspace;
    }

    void add(String folder, CmafTrack track) {
        addFile(folder + "/init.mp4", track.init(), "video/mp4");
        for (CmafTrack.Segment segment : track.segments()) {
            addFile(folder + "/" + segment.file().getFileName(), segment.file(), "video/iso.segment");
        }
        addText(folder + "/playlist.m3u8", HlsPlaylists.media(track.segments()));
    }

    void addText(String path, String text) {
        Path file = workspace.scratch().resolve(path.replace('/', '_'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new StorageException("a playlist cannot be written", e);
        }
        addFile(path, file, PLAYLIST);
    }

    List<Output> publish() throws InterruptedException {
        try (ExecutorService executor =
                Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofVirtual().factory())) {
            List<Output> outputs = new ArrayList<>();
            for (Future<Output> stored : executor.invokeAll(uploads)) {
                outputs.add(stored.get());
            }
            return outputs;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException trouble) {
                throw trouble;
            }
            throw new StorageException("the results cannot be stored", e.getCause());
        }
    }

    private void addFile(String path, Path file, String contentType) {
        uploads.add(() -> workspace.publish(path, file, contentType));
    }
}
