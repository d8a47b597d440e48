package dev.claimcheck.media;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a source is.
 *
 * @param demuxer the one ffmpeg may open it with
 * @param durationSeconds the best known; above 0
 * @param size in bytes
 * @param bitRate in bits per second; 0 where unknown
 * @param audioTracks those whose codec is known: the default one first, then in the order of the file
 * @param audioStreams how many tracks of sound the file holds, those that nobody knows included
 * @param subtitles in the order of the file, those that are pictures included
 * @param cover the picture attached to it (an album's cover), where it holds one
 */
public record SourceInfo(
        String demuxer,
        String container,
        double durationSeconds,
        long size,
        long bitRate,
        Optional<VideoStream> video,
        List<AudioStream> audioTracks,
        int audioStreams,
        List<SubtitleStream> subtitles,
        Optional<VideoStream> cover) {

    public SourceInfo {
        audioTracks = List.copyOf(audioTracks);
        subtitles = List.copyOf(subtitles);
    }

    /** The sound that is heard unless somebody chooses another one: the default track, else the first. */
    public Optional<AudioStream> audio() {
        return audioTracks.stream().findFirst();
    }

    /** The same, of another length in seconds. */
    public SourceInfo withDuration(double seconds) {
        return new SourceInfo(
                demuxer, container, seconds, size, bitRate, video, audioTracks, audioStreams, subtitles, cover);
    }

    /**
     * The picture.
     *
     * @param displayWidth after pixel shape and rotation, rounded
     * @param aspect width ÷ height as shown, exactly
     * @param rotation clockwise degrees that a player turns the stored picture by: 0, 90, 180, 270
     * @param frameRate average, frames per second; 0 where unknown
     * @param startSeconds of its first frame, on the source's own clock
     * @param endSeconds where its last frame ends, on the source's own clock; 0 where unknown
     * @param transfer ffmpeg's name of the transfer function; empty where unknown
     */
    public record VideoStream(
            int index,
            String codec,
            int codedWidth,
            int codedHeight,
            int displayWidth,
            int displayHeight,
            double aspect,
            int rotation,
            double frameRate,
            double startSeconds,
            double endSeconds,
            String pixelFormat,
            String fieldOrder,
            String transfer,
            String primaries,
            String colorSpace,
            String colorRange,
            long bitRate) {
        /** A picture whose shown size is exact, and of which it is not known where it ends. */
        public VideoStream(
                int index,
                String codec,
                int codedWidth,
                int codedHeight,
                int displayWidth,
                int displayHeight,
                int rotation,
                double frameRate,
                double startSeconds,
                String pixelFormat,
                String fieldOrder,
                String transfer,
                String primaries,
                String colorSpace,
                String colorRange,
                long bitRate) {
            this(
                    index,
                    codec,
                    codedWidth,
                    codedHeight,
                    displayWidth,
                    displayHeight,
                    (double) displayWidth / displayHeight,
                    rotation,
                    frameRate,
                    startSeconds,
                    0,
                    pixelFormat,
                    fieldOrder,
                    transfer,
                    primaries,
                    colorSpace,
                    colorRange,
                    bitRate);
        }

        /** Whether it is high dynamic range (PQ or HLG), which needs tone mapping. */
        public boolean isHdr() {
            return transfer.equals("smpte2084") || transfer.equals("arib-std-b67");
        }

        /** Whether its flags say that its frames are made of two fields. */
        public boolean isInterlaced() {
            return fieldOrder.equals("tt")
                    || fieldOrder.equals("bb")
                    || fieldOrder.equals("tb")
                    || fieldOrder.equals("bt");
        }
    }

    /**
     * A track of sound.
     *
     * @param language as the file's tag says, such as {@code eng}; empty where it says nothing
     * @param title for people, as it stands in the file; empty where it has none
     * @param purpose by its dispositions
     * @param startSeconds of its first sample, on the source's own clock
     */
    public record AudioStream(
            int index,
            String codec,
            int channels,
            String layout,
            int sampleRate,
            long bitRate,
            String language,
            String title,
            Purpose purpose,
            double startSeconds) {
        /** A track of which nothing more is said, and which starts at 0. */
        public AudioStream(
                int index, String codec, int channels, String layout, int sampleRate, long bitRate, String language) {
            this(index, codec, channels, layout, sampleRate, bitRate, language, "", Purpose.PROGRAMME, 0);
        }
    }

    /** What a track of sound is for. */
    public enum Purpose {
        /** To be heard with the picture. */
        PROGRAMME,
        /** The same, spoken in another language than it was made in. */
        DUB,
        /** Somebody talks about what is seen. */
        COMMENTARY,
        /** It tells those who cannot see what is to be seen. */
        DESCRIPTION
    }

    /**
     * Embedded subtitles.
     *
     * @param language as the file's tag says, such as {@code eng}; empty where it says nothing
     * @param title for people; empty where it has none
     * @param byDefault whether a player is to show it unasked
     * @param forced whether it is only what everybody needs: signs, and lines in another language than the film's
     * @param hearingImpaired whether it also says what can be heard
     */
    public record SubtitleStream(
            int index,
            String codec,
            String language,
            String title,
            boolean byDefault,
            boolean forced,
            boolean hearingImpaired) {
        private static final Set<String> TEXT = Set.of("subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text");

        /** Whether it holds text, not pictures of text. */
        public boolean isText() {
            return TEXT.contains(codec);
        }

        /** Whether its own markup is that of Advanced SubStation Alpha, where braces always enclose markup. */
        public boolean isStyled() {
            return codec.equals("ass") || codec.equals("ssa");
        }
    }
}
