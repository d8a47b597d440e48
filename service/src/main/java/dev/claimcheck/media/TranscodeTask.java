package dev.claimcheck.media;

import java.util.List;
import java.util.Optional;

/**
 * What one ffmpeg is to make.
 *
 * @param profile says by which codecs and how well
 * @param chunk the stretch of the video; empty for all of it
 * @param renditions to make, largest first; none where only the sound is wanted
 * @param originSeconds on the source's clock, which picture and sound start from
 */
public record TranscodeTask(
        SourceInfo source,
        Profile profile,
        Optional<Chunk> chunk,
        List<Rendition> renditions,
        Sound sound,
        double originSeconds) {

    /** How much of the sound. */
    public enum Sound {
        /** None. */
        NONE,
        /** As much as the intro needs; the last segment is cut off where it stops and is not to be used. */
        INTRO,
        /** All. */
        WHOLE
    }

    public TranscodeTask {
        renditions = List.copyOf(renditions);
    }

    /** Frames per second that come out; 0 where unknown. */
    public double frameRate() {
        return source.video()
                .map(video -> Math.min(video.frameRate(), VideoFilters.MOST_FRAMES_PER_SECOND))
                .orElse(0.0);
    }

    /** The same, with the chunk read from the start of the source. */
    public TranscodeTask readFromStart() {
        return new TranscodeTask(source, profile, chunk.map(Chunk::readFromStart), renditions, sound, originSeconds);
    }

    /** Everything in one go. */
    public static TranscodeTask inOneGo(SourceInfo source, Profile profile) {
        return new TranscodeTask(
                source,
                profile,
                Optional.empty(),
                source.video().map(video -> Ladder.of(video, profile)).orElseGet(List::of),
                source.audio().isPresent() ? Sound.WHOLE : Sound.NONE,
                source.video().map(SourceInfo.VideoStream::startSeconds).orElse(0.0));
    }
}
