package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The finished tracks of a job: for steps that work from what was made instead of decoding the source again. */
final class TranscodedTracks {
    private TranscodedTracks() {}

    /**
     * A track of CMAF segments.
     *
     * @param folder below the job's link, such as {@code hls/360p/}
     */
    record Track(String folder, List<Piece> pieces) {
        /** What is shown from {@code start} to {@code end}, in seconds; before the first piece that one stands there. */
        Track between(double start, double end) {
            int from = 0;
            int to = Math.min(1, pieces.size());
            for (int index = 1; index < pieces.size(); index++) {
                from = pieces.get(index).start() <= start ? index : from;
                to = pieces.get(index).start() < end ? index + 1 : to;
            }
            return new Track(folder, pieces.subList(from, to));
        }

        /** Whether that second is known to be shown, or something before it. */
        boolean reachesBackTo(double second) {
            return !pieces.isEmpty()
                    && (pieces.getFirst().number() == 1 || pieces.getFirst().start() <= second);
        }

        /** Its objects: one behind the other they are one MP4. */
        List<Output> objects(StepWorkspace workspace) {
            Map<String, Output> offered = workspace.outputs(folder);
            List<String> paths = new ArrayList<>(List.of(folder + "init.mp4"));
            pieces.forEach(piece -> paths.add(folder + Presentation.fileName(piece.number())));
            return paths.stream()
                    .map(path -> Optional.ofNullable(offered.get(path))
                            .orElseThrow(() -> new StorageException("the job has no output " + path, null)))
                    .toList();
        }
    }

    /** The smallest picture; empty for sound alone. */
    static Optional<Track> smallestPicture(StepWorkspace workspace) {
        Presentation presentation = EarlyPlayback.read(workspace.results().stream());
        List<Picture.Track> sizes = presentation.renditions();
        return sizes.isEmpty()
                ? Optional.empty()
                : Optional.of(picture(presentation, sizes.getLast().name()));
    }

    /** The sound; empty without. */
    static Optional<Track> sound(StepWorkspace workspace) {
        return sound(EarlyPlayback.read(workspace.results().stream()));
    }

    static Track picture(Presentation presentation, String name) {
        return new Track("hls/" + name + "/", presentation.pieces(name));
    }

    private static Optional<Track> sound(Presentation presentation) {
        return presentation
                .sound()
                .filter(made -> !made.pieces().isEmpty())
                .map(made -> new Track("hls/" + AudioTrack.folder(1) + "/", made.pieces()));
    }

    static Track sound(Presentation presentation, AudioTrack track) {
        return new Track(
                "hls/" + track.folder() + "/",
                presentation.sound(track.number()).orElseThrow().pieces());
    }

    /** The tracks of the sound that came out, in their order. */
    static List<AudioTrack> sounds(Presentation presentation, SourceInfo source) {
        return AudioTracks.of(source).stream()
                .filter(track -> presentation
                        .sound(track.number())
                        .filter(made -> !made.pieces().isEmpty())
                        .isPresent())
                .toList();
    }
}
