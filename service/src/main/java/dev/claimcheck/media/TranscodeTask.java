package dev.claimcheck.media;

import dev.claimcheck.job.WatermarkPlacement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one ffmpeg is to make.
 *
 * @param source as long as what is wanted of it
 * @param profile says by which codecs and how well
 * @param chunk the stretch of the video; empty for all of it
 * @param renditions to make, largest first; none where only the sound is wanted
 * @param originSeconds on the source's clock, which picture and sound start from
 * @param clipSeconds how much of the source from the origin on is wanted; empty for all of it
 * @param watermark where a picture is laid over every rendition
 */
public record TranscodeTask(
        SourceInfo source,
        Profile profile,
        Optional<Chunk> chunk,
        List<Rendition> renditions,
        Sound sound,
        double originSeconds,
        OptionalDouble clipSeconds,
        Optional<WatermarkPlacement> watermark) {

    /** How much of the sound. */
    public enum Sound {
        /** None. */
        NONE,
        /** As much as the intro needs; the last segment is cut off where it stops and is not to be used. */
        INTRO,
        /** As much of a long source as is listened to until all of it is there ({@link AudioCommand#beginningSeconds}); its last segment is not to be used either. */
        BEGINNING,
        /** All. */
        WHOLE
    }

    public TranscodeTask {
        renditions = List.copyOf(renditions);
    }

    /** All of a source, in one go. */
    public static TranscodeTask inOneGo(SourceInfo source, Profile profile) {
        return new TranscodeTask(
                source,
                profile,
                Optional.empty(),
                source.video().map(video -> Ladder.of(video, profile)).orElseGet(List::of),
                source.audio().isPresent() ? Sound.WHOLE : Sound.NONE,
                source.video().map(SourceInfo.VideoStream::startSeconds).orElse(0.0),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** Frames per second that come out; 0 where unknown. */
    public double frameRate() {
        return source.video()
                .map(video -> Math.min(video.frameRate(), VideoFilters.MOST_FRAMES_PER_SECOND))
                .orElse(0.0);
    }

    /** The same of another part. */
    public TranscodeTask of(Optional<Chunk> other, List<Rendition> otherRenditions, Sound otherSound) {
        return new TranscodeTask(
                source, profile, other, otherRenditions, otherSound, originSeconds, clipSeconds, watermark);
    }

    /** The same, counted from another moment of the source. */
    public TranscodeTask from(double origin) {
        return new TranscodeTask(source, profile, chunk, renditions, sound, origin, clipSeconds, watermark);
    }

    /** One size of the same chunk alone, at another rate factor. */
    public TranscodeTask again(Rendition rendition, int crf) {
        return new TranscodeTask(
                source,
                profile.withCrf(crf),
                chunk,
                List.of(rendition),
                Sound.NONE,
                originSeconds,
                clipSeconds,
                watermark);
    }

    /** The same, with the chunk read from the start of the source. */
    public TranscodeTask readFromStart() {
        return of(chunk.map(Chunk::readFromStart), renditions, sound);
    }
}
