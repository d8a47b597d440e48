package dev.claimcheck.pipeline;

import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Sound;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A track of sound that one ffmpeg wrote, split into segments.
 *
 * @param whole whether it goes to the end; else the last segment is cut short where it stops, and not used
 */
record MadeSound(CmafTrack track, boolean whole) {
    /** Takes the file from the scratch folder. */
    static MadeSound take(StepWorkspace workspace, String file, String folder, boolean whole) {
        return new MadeSound(
                CmafTrack.split(
                        workspace.scratch().resolve(file),
                        workspace.scratch().resolve("hls").resolve(folder),
                        1),
                whole);
    }

    Sound sound() {
        List<Piece> made = new ArrayList<>();
        for (int index = 0; index < segments().size(); index++) {
            made.add(MadeSegments.piece(track, index, index + 1));
        }
        return new Sound(
                made,
                track.codec(),
                segments().stream().map(CmafTrack.Segment::bytes).toList(),
                whole);
    }

    List<Path> files() {
        return segments().stream().map(CmafTrack.Segment::file).toList();
    }

    private List<CmafTrack.Segment> segments() {
        List<CmafTrack.Segment> all = track.segments();
        return whole || all.isEmpty() ? all : all.subList(0, all.size() - 1);
    }
}
