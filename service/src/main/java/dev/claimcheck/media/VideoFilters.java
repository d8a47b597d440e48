package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Filter chains that bring any picture to progressive SDR BT.709 with square pixels. Pure. */
public final class VideoFilters {
    /** More frames per second than this are thinned out. */
    public static final int MOST_FRAMES_PER_SECOND = 60;
    /** What is meant to be 60 may be measured as a little more. */
    private static final double TOLERATED = 60.5;

    private static final int HD_WIDTH = 1280;
    private static final int HD_HEIGHT = 720;

    /** What every picture is in the end. */
    static final String TAGS = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv";

    private VideoFilters() {}

    /** What happens once, before the picture is split into renditions; where there is a chunk, it is cut out by ticks before anything can change them. */
    static String common(VideoStream video, TranscodeTask task) {
        List<String> filters = new ArrayList<>();
        Optional<Chunk> chunk = task.chunk();
        chunk.ifPresent(cut -> {
            List<String> bounds = new ArrayList<>();
            if (!cut.opens()) {
                bounds.add("start_pts=" + cut.warmUpTick().orElse(cut.startTick()));
            }
            if (!cut.closes()) {
                bounds.add("end_pts=" + cut.endTick());
            }
            if (!bounds.isEmpty()) {
                filters.add("trim=" + String.join(":", bounds));
            }
        });
        boolean isRoughClip = chunk.isEmpty() && task.clipSeconds().isPresent();
        if (isRoughClip) {
            double end = task.originSeconds() + task.clipSeconds().getAsDouble();
            filters.add(String.format(Locale.ROOT, "trim=start=%.6f:end=%.6f", task.originSeconds(), end));
        }
        if (video.isInterlaced()) {
            filters.add("bwdif=mode=send_frame:deint=interlaced");
        }
        filters.add(chunk.map(cut -> "setpts=PTS-(" + cut.origin() + ")").orElse("setpts=PTS-STARTPTS"));
        if (isThinnedOut(video)) {
            filters.add(String.format(
                    Locale.ROOT,
                    "select='isnan(prev_selected_t)+gt(floor(t*%d+0.01),floor(prev_selected_t*%d+0.01))'",
                    MOST_FRAMES_PER_SECOND,
                    MOST_FRAMES_PER_SECOND));
        }
        return String.join(",", filters);
    }

    /** Whether there are more frames than anybody sees: of those that fall into the same slot the first is kept. */
    public static boolean isThinnedOut(VideoStream video) {
        return video.frameRate() > TOLERATED;
    }

    /** Scaling and colour for one rendition. HDR is mapped to SDR after scaling: that costs least. */
    static String sized(VideoStream video, int width, int height) {
        if (video.isHdr()) {
            return String.format(
                    Locale.ROOT,
                    "zscale=w=%d:h=%d:t=linear:npl=100%s,format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,"
                            + "zscale=t=bt709:m=bt709:r=tv,format=yuv420p,sidedata=mode=delete:type=MASTERING_DISPLAY_METADATA,"
                            + "sidedata=mode=delete:type=CONTENT_LIGHT_LEVEL,setsar=1,%s",
                    width,
                    height,
                    inputTags(video),
                    TAGS);
        }
        return String.format(
                Locale.ROOT,
                "scale=w=%d:h=%d:flags=bicubic%s:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p,%s",
                width,
                height,
                untaggedMatrix(video),
                TAGS);
    }

    /** What says nothing of its colours is BT.709 from 720 lines on, as players take it; swscale would take it for BT.601, as it is right for what is smaller. */
    private static String untaggedMatrix(VideoStream video) {
        boolean isLarge = video.codedWidth() >= HD_WIDTH || video.codedHeight() >= HD_HEIGHT;
        return video.colorSpace().isEmpty() && isLarge && video.pixelFormat().startsWith("yuv")
                ? ":in_color_matrix=bt709"
                : "";
    }

    /** zscale refuses to guess what the source leaves out. */
    private static String inputTags(VideoStream video) {
        return ":tin=" + video.transfer() + ":pin=" + (video.primaries().isEmpty() ? "bt2020" : "input") + ":min="
                + (video.colorSpace().isEmpty() ? "bt2020nc" : "input") + ":rin="
                + (video.colorRange().isEmpty() ? "tv" : "input");
    }
}
