package dev.claimcheck.pipeline;

import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one ffmpeg wrote, split into segments and held against what was planned. */
final class MadeSegments {
    /** Half a frame at 120 frames per second: times are rounded on their way, frames are not. */
    private static final double ROUNDING = 0.004;

    private final TranscodeTask task;
    private final boolean redone;
    private final List<CmafTrack> tracks;
    private final Optional<MadeSound> sound;
    /** Per track, the segments that have a place in the plan, in order. */
    private final List<List<CmafTrack.Segment>> placed = new ArrayList<>();

    private final List<Piece> pieces = new ArrayList<>();

    private MadeSegments(TranscodeTask task, boolean redone, List<CmafTrack> tracks, Optional<MadeSound> sound) {
        this.task = task;
        this.redone = redone;
        this.tracks = tracks;
        this.sound = sound;
        if (!tracks.isEmpty()) {
            task.chunk().ifPresentOrElse(this::placeByPlan, this::placeAsMade);
        }
    }

    /** Takes what lies in the scratch folder. */
    static MadeSegments take(StepWorkspace workspace, TranscodeTask task, boolean redone) {
        List<CmafTrack> tracks = task.renditions().stream()
                .map(rendition -> split(workspace, task, rendition))
                .toList();
        Optional<MadeSound> sound = task.sound() == TranscodeTask.Sound.NONE
                ? Optional.empty()
                : Optional.of(MadeSound.take(
                        workspace,
                        AudioCommand.file(1),
                        AudioTrack.folder(1),
                        task.sound() == TranscodeTask.Sound.WHOLE));
        return new MadeSegments(task, redone, tracks, sound);
    }

    /** Whether every size has every planned segment, each with all its frames at their times. */
    boolean isAsPlanned() {
        return task.chunk()
                .filter(_ -> !tracks.isEmpty())
                .map(chunk -> pieces.size() == chunk.segments().size()
                        && placed.stream().allMatch(segments -> isAsPlanned(chunk, segments)))
                .orElse(true);
    }

    /** Whether it was read from the start because seeking may have been at fault. */
    boolean isRedone() {
        return redone;
    }

    /** What was made of that size, before it was held against the plan. */
    CmafTrack track(Rendition rendition) {
        return tracks.get(task.renditions().indexOf(rendition));
    }

    /** Has everything stored. */
    void addTo(SegmentPublisher publisher) {
        for (int index = 0; index < tracks.size(); index++) {
            publisher.add(
                    task.renditions().get(index).name(),
                    tracks.get(index),
                    pieces,
                    placed.get(index).stream().map(CmafTrack.Segment::file).toList());
        }
        sound.ifPresent(made -> publisher.add(AudioTrack.folder(1), made));
    }

    Optional<MadeSound> sound() {
        return sound;
    }

    /** Each size by its name, as if it had been made alone; whether that is an intro is for the step to say. */
    Map<String, Picture> pictures() {
        Map<String, Picture> made = new HashMap<>();
        for (int index = 0; index < tracks.size(); index++) {
            Rendition rendition = task.renditions().get(index);
            Picture.Track track = new Picture.Track(
                    rendition.name(),
                    rendition.width(),
                    rendition.height(),
                    tracks.get(index).codec(),
                    sha256(tracks.get(index).init()),
                    placed.get(index).stream().map(CmafTrack.Segment::bytes).toList());
            made.put(rendition.name(), new Picture(pieces, List.of(track), false, redone));
        }
        return made;
    }

    private void placeAsMade() {
        tracks.forEach(track -> placed.add(track.segments()));
        CmafTrack track = tracks.getFirst();
        for (int index = 0; index < track.segments().size(); index++) {
            pieces.add(piece(track, index, index + 1));
        }
    }

    /** A segment has its place by its time, so that one that a damaged source lacks does not move the others. */
    private void placeByPlan(Chunk chunk) {
        tracks.forEach(_ -> placed.add(new ArrayList<>()));
        for (int place = 0; place < chunk.segments().size(); place++) {
            Chunk.Segment planned = chunk.segments().get(place);
            List<CmafTrack.Segment> found = new ArrayList<>();
            for (CmafTrack track : tracks) {
                found(track, planned).ifPresent(found::add);
            }
            if (found.size() == tracks.size()) {
                for (int index = 0; index < tracks.size(); index++) {
                    placed.get(index).add(found.get(index));
                }
                CmafTrack.Segment one = found.getFirst();
                double scale = tracks.getFirst().timescale();
                // Where a damaged source lacks the first frames the segment starts late, and says so.
                double start = one.start() / scale;
                double from = start - planned.start() > ROUNDING ? start : planned.start();
                pieces.add(new Piece(
                        chunk.firstSegment() + place,
                        from,
                        planned.start() + planned.seconds() - from,
                        one.samples(),
                        one.length() / scale));
            }
        }
    }

    private static Optional<CmafTrack.Segment> found(CmafTrack track, Chunk.Segment planned) {
        double from = planned.start() - ROUNDING;
        double to = planned.start() + planned.seconds() - ROUNDING;
        return track.segments().stream()
                .filter(segment -> {
                    double start = (double) segment.start() / track.timescale();
                    return start >= from && start < to;
                })
                .findFirst();
    }

    private boolean isAsPlanned(Chunk chunk, List<CmafTrack.Segment> segments) {
        for (int place = 0; place < segments.size(); place++) {
            Chunk.Segment planned = chunk.segments().get(place);
            CmafTrack.Segment made = segments.get(place);
            double start = (double) made.start() / tracks.getFirst().timescale();
            if (made.samples() != planned.frames() || Math.abs(start - planned.start()) > ROUNDING) {
                return false;
            }
        }
        return true;
    }

    static Piece piece(CmafTrack track, int index, int number) {
        CmafTrack.Segment segment = track.segments().get(index);
        double start = track.startSeconds(index);
        double end = index + 1 < track.segments().size() ? track.startSeconds(index + 1) : track.endSeconds();
        return new Piece(
                number,
                start,
                Math.max(end - start, 0.001),
                segment.samples(),
                (double) segment.length() / track.timescale());
    }

    private static CmafTrack split(StepWorkspace workspace, TranscodeTask task, Rendition rendition) {
        Path file = workspace.scratch().resolve(TranscodeCommand.videoFile(rendition));
        Path folder = workspace.scratch().resolve("hls").resolve(rendition.name());
        return task.chunk()
                .map(chunk -> CmafTrack.splitPicture(file, folder, chunk))
                .orElseGet(() -> CmafTrack.splitPicture(file, folder));
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new StorageException("an initialization section cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
