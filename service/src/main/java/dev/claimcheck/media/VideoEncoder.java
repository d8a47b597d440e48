package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * ffmpeg's arguments that encode one rendition, whichever codec: constant quality under a cap, closed groups of pictures that begin only where they are told to, one thread, and nothing in the bytes
 * that differs from one run, or one chunk, to the next. The same frames in give the same bytes out, and the initialization section is the same for every chunk of a source. Pure.
 */
public final class VideoEncoder {
    /** No key frame comes by itself before that many frames; segments are far shorter. */
    private static final String KEY_FRAMES_APART = "1000";

    /**
     * How full the decoder's buffer is taken to be when a chunk begins. Under the cap the encoders keep it about half full; each chunk that starts at their usual 90 % spends the difference again, which was
     * 6 % more bits than one encoder takes from beginning to end. With less than this, chunks far from the cap begin with worse pictures (docs/media.md).
     */
    private static final double BUFFER_AT_START = 0.65;

    private VideoEncoder() {}

    /**
     * The arguments from {@code -c:v} on, without key frames, muxer and file.
     *
     * @param frameRate of what is encoded; 0 where unknown
     * @param isChunk whether this is a part of a picture, the cap of which another may have to see to ({@link VideoCodec#keepsCapInChunks})
     */
    public static List<String> arguments(Profile profile, Rendition rendition, double frameRate, boolean isChunk) {
        VideoCodec codec = codecOf(profile, rendition);
        boolean asked = codec == profile.video();
        String preset = asked ? profile.preset() : codec.usualPreset();
        int crf = asked ? profile.crf() : codec.usualCrf();
        List<String> arguments =
                new ArrayList<>(List.of("-c:v", codec.encoder(), "-preset", preset, "-crf", Integer.toString(crf)));
        if (!isChunk || codec.keepsCapInChunks()) {
            arguments.addAll(List.of(
                    "-maxrate",
                    Long.toString(rendition.maxBitRate()),
                    "-bufsize",
                    Long.toString(bufferBits(rendition)),
                    "-rc_init_occupancy",
                    Long.toString(Math.round(bufferBits(rendition) * BUFFER_AT_START))));
        }
        arguments.addAll(List.of("-g", KEY_FRAMES_APART, "-threads", "1", "-tag:v", codec.sampleEntry()));
        arguments.addAll(
                switch (codec) {
                    case H264 -> h264(rendition, frameRate);
                    case HEVC -> hevc(rendition, frameRate);
                    case AV1 -> av1(rendition, frameRate);
                    case NONE -> throw new IllegalArgumentException("a profile without a picture encodes none");
                });
        return List.copyOf(arguments);
    }

    /** Key frames exactly at the first frame at or after each of these times, in microseconds; a chunk's first frame is one by itself and must not be among them. */
    public static List<String> keyFramesAt(List<Long> microseconds) {
        if (microseconds.isEmpty()) {
            return List.of();
        }
        return List.of(
                "-force_key_frames",
                microseconds.stream()
                        .map(at -> String.format(Locale.ROOT, "%d.%06d", at / 1_000_000, at % 1_000_000))
                        .collect(Collectors.joining(",")));
    }

    /** Key frames at the first frame at or after each multiple of so many seconds. */
    public static List<String> keyFramesEvery(int seconds) {
        return List.of("-force_key_frames", "expr:gte(t,n_forced*" + seconds + ")");
    }

    /** What {@link CmafTrack#codec} will say of the result (RFC 6381), known before it is made. */
    public static String codec(Profile profile, Rendition rendition, double frameRate) {
        return switch (codecOf(profile, rendition)) {
            case H264 -> String.format(Locale.ROOT, "avc1.6400%02x", CodecLevel.h264(rendition, frameRate));
            case HEVC -> "hvc1.1.6.L" + CodecLevel.hevc(rendition, frameRate) + ".90";
            case AV1 -> String.format(Locale.ROOT, "av01.0.%02dM.08", CodecLevel.av1(rendition, frameRate));
            case NONE -> throw new IllegalArgumentException("a profile without a picture has no video codec");
        };
    }

    /** The codec a rendition gets: pictures that the profile's encoder is not made for, of a few pixels, get H.264. */
    public static VideoCodec codecOf(Profile profile, Rendition rendition) {
        boolean tooSmall = profile.hasVideo()
                && Math.min(rendition.width(), rendition.height())
                        < profile.video().smallestSide();
        return tooSmall ? VideoCodec.H264 : profile.video();
    }

    /** The decoder's buffer holds two seconds at the cap. */
    public static long bufferBits(Rendition rendition) {
        return rendition.maxBitRate() * 2;
    }

    /** The High profile is written by what a preset uses, so ultrafast is given CABAC and 8×8 transforms back. */
    private static List<String> h264(Rendition rendition, double frameRate) {
        return List.of(
                "-profile:v",
                "high",
                "-level:v",
                Integer.toString(CodecLevel.h264(rendition, frameRate)),
                "-coder",
                "cabac",
                "-8x8dct",
                "1",
                "-sc_threshold",
                "0",
                "-flags",
                "+cgop",
                "-forced-idr",
                "1");
    }

    /** {@code info=0} keeps x265's build and options out of the initialization section. */
    private static List<String> hevc(Rendition rendition, double frameRate) {
        return List.of(
                "-profile:v",
                "main",
                "-forced-idr",
                "1",
                "-x265-params",
                "pools=none:frame-threads=1:wpp=0:open-gop=0:scenecut=0:keyint=" + KEY_FRAMES_APART
                        + ":min-keyint=1:repeat-headers=0:info=0:high-tier=0:level-idc="
                        + String.format(Locale.ROOT, "%.1f", CodecLevel.hevc(rendition, frameRate) / 30.0)
                        + ":log-level=error");
    }

    /** SVT-AV1 opens no group of pictures by itself, and begins one at every forced key frame. */
    private static List<String> av1(Rendition rendition, double frameRate) {
        int index = CodecLevel.av1(rendition, frameRate);
        return List.of("-level:v", Integer.toString((index / 4 + 2) * 10 + index % 4), "-svtav1-params", "lp=1:scd=0");
    }
}
