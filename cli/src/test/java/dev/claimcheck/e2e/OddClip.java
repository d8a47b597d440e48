package dev.claimcheck.e2e;

import java.nio.file.Path;
import java.util.List;

/** What cameras, editors and archives bring that no ordinary clip has. */
enum OddClip {
    ODD_SIZE("odd.mkv", "-f lavfi -i testsrc2=duration=2:size=127x95:rate=30", "-c:v ffv1"),
    HDR_IN_TEN_BITS(
            "hdr.mkv",
            Inputs.PICTURE,
            "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le"
                    + " -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited"),
    INTERLACED_MPEG_2("interlaced.ts", Inputs.BOTH, "-vf interlace -c:v mpeg2video -flags +ildct+ilme -c:a mp2"),
    FRAMES_120_A_SECOND("fast.mp4", "-f lavfi -i testsrc2=duration=1:size=320x180:rate=120", Inputs.X264),
    SIX_CHANNELS(
            "surround.mkv",
            Inputs.PICTURE + " -f lavfi -i anoisesrc=duration=2",
            Inputs.X264 + " -af pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0 -c:a ac3"),
    CHANGING_FRAME_RATES("vfr.mkv", Inputs.PICTURE, Inputs.X264 + " -vf select='not(mod(n,7))+lt(n,20)' -fps_mode vfr"),
    SOUND_THAT_STARTS_LATE(
            "late.mp4", Inputs.PICTURE + " -itsoffset 0.7 -f lavfi -i sine=duration=1", Inputs.X264 + " -c:a aac"),
    AVI_WITH_MJPEG("old.avi", Inputs.BOTH, "-c:v mjpeg -c:a pcm_s16le"),
    WIDE_PIXELS(
            "anamorphic.mp4",
            "-f lavfi -i testsrc2=duration=2:size=360x288:rate=25",
            Inputs.X264 + " -vf setsar=16/15"),
    ANIMATED_GIF("moving.gif", "-f lavfi -i testsrc2=duration=1:size=120x80:rate=10", "");

    private final String filename;
    private final String inputs;
    private final String codecs;

    /** Inputs and codecs as ffmpeg takes them, with a space between two arguments. */
    OddClip(String filename, String inputs, String codecs) {
        this.filename = filename;
        this.inputs = inputs;
        this.codecs = codecs;
    }

    /** Makes one; other bytes each time. */
    Path make() {
        return Clip.odd(filename, arguments(inputs), arguments(codecs));
    }

    private static List<String> arguments(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    /** What several begin with. */
    private static final class Inputs {
        static final String PICTURE = "-f lavfi -i testsrc2=duration=2:size=320x180:rate=30";
        static final String BOTH = PICTURE + " -f lavfi -i sine=duration=2";
        static final String X264 = "-c:v libx264 -preset ultrafast";
    }
}
