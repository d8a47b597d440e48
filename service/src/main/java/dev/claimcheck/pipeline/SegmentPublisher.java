package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.playback.HlsPlaylists;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Gathers files for players and stores them side by side: waiting for the disk one by one would cost more than the work. */
final class SegmentPublisher {
    private final StepWorkspace workspace;
    private final List<Callable<Output>> uploads = new ArrayList<>();

    SegmentPublisher(StepWorkspace workspace) {
        this.workspace = workspace;
    }

    /** Adds a track's initialization section and the files of its pieces. */
    void add(String name, CmafTrack track, List<Piece> pieces, List<Path> files) {
        String folder = "hls/" + name + "/";
        addFile(folder + "init.mp4", track.init(), "video/mp4");
        for (int index = 0; index < files.size(); index++) {
            addFile(folder + Presentation.fileName(pieces.get(index).number()), files.get(index), "video/iso.segment");
        }
    }

    /** The same of a track of sound. */
    void add(String name, MadeSound made) {
        add(name, made.track(), made.sound().pieces(), made.files());
    }

    /** Adds a playlist. */
    void addText(String path, String text) {
        addText(path, text, HlsPlaylists.CONTENT_TYPE);
    }

    void addText(String path, String text, String contentType) {
        Path file = workspace.scratch().resolve(path.replace('/', '_'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new StorageException("a playlist cannot be written", e);
        }
        addFile(path, file, contentType);
    }

    /** Adds a file of the scratch folder. */
    void addFile(String path, Path file, String contentType) {
        uploads.add(() -> workspace.publish(path, file, contentType));
    }

    List<Output> publish() throws InterruptedException {
        return SideBySide.run(uploads, "the results cannot be stored");
    }
}
