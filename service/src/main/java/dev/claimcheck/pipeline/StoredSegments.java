package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.media.Fragment;
import dev.claimcheck.media.MediaTroubleException;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Holds every segment that lies in the store, in every size, against what its step said of it when it had made it: there, of that length, with those frames at those times. Reads their heads; pictures
 * themselves are not decoded.
 */
final class StoredSegments {
    private static final double ROUNDING = 0.004;

    private final StepWorkspace workspace;
    private final Map<String, Output> outputs;
    private final List<Callable<Optional<String>>> checks = new ArrayList<>();

    private StoredSegments(StepWorkspace workspace) {
        this.workspace = workspace;
        this.outputs = workspace.outputs("hls/");
    }

    /** Paths of what is not there as it was made. */
    static List<String> unusable(StepWorkspace workspace, Presentation presentation) throws InterruptedException {
        StoredSegments stored = new StoredSegments(workspace);
        for (Picture.Track size : presentation.renditions()) {
            List<Piece> pieces = presentation.pieces(size.name());
            stored.addTrack(
                    size.name(),
                    pieces,
                    pieces.stream()
                            .map(piece -> presentation.bytes(size.name(), piece.number()))
                            .toList());
        }
        presentation
                .sounds()
                .forEach((number, sound) -> stored.addTrack(AudioTrack.folder(number), sound.pieces(), sound.bytes()));
        return SideBySide.run(stored.checks, "what was made cannot be read").stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private void addTrack(String name, List<Piece> pieces, List<Long> bytes) {
        String folder = "hls/" + name + "/";
        String init = folder + "init.mp4";
        if (pieces.isEmpty()) {
            return;
        }
        Optional<Long> timescale = read(init, CmafTrack::timescale);
        if (timescale.isEmpty()) {
            checks.add(() -> Optional.of(init));
            return;
        }
        for (int index = 0; index < pieces.size(); index++) {
            Piece piece = pieces.get(index);
            long size = bytes.get(index);
            String path = folder + Presentation.fileName(piece.number());
            checks.add(() -> read(path, segment -> isAsMade(segment, piece, size, timescale.get()))
                            .orElse(false)
                    ? Optional.empty()
                    : Optional.of(path));
        }
    }

    private static boolean isAsMade(SeekableByteChannel segment, Piece piece, long size, long timescale)
            throws IOException {
        if (segment.size() != size) {
            return false;
        }
        Fragment found = Fragment.read(segment);
        double start = (double) found.start() / timescale;
        return found.samples() == piece.samples()
                && Math.abs((double) found.length() / timescale - piece.length()) < ROUNDING
                && start > piece.start() - ROUNDING
                && start < piece.start() + piece.seconds() + ROUNDING;
    }

    private interface Reading<T> {
        T read(SeekableByteChannel channel) throws IOException;
    }

    /** Empty where there is no such object, or one that is no MP4 as we write them. */
    private <T> Optional<T> read(String path, Reading<T> reading) {
        Output output = outputs.get(path);
        if (output == null) {
            return Optional.empty();
        }
        try (SeekableByteChannel channel = workspace.find(output).orElse(null)) {
            return channel == null ? Optional.empty() : Optional.of(reading.read(channel));
        } catch (MediaTroubleException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StorageException("output " + path + " cannot be read", e);
        }
    }
}
