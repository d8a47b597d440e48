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

/** Gathers the files of an HLS presentation and stores them side by side: waiting for the disk one by one would cost more than the work. */
final class HlsPublisher {
    private static final String PLAYLIST = "application/vnd.apple.mpegurl";

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
        return SideBySide.run(uploads, "the results cannot be stored");
    }

    private void addFile(String path, Path file, String contentType) {
        uploads.add(() -> workspace.publish(path, file, contentType));
    }
}
