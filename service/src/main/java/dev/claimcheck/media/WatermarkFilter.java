package dev.claimcheck.media;

import dev.claimcheck.job.WatermarkPlacement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The parts of a filter graph that lay a watermark over every rendition. It is scaled for each and laid over it after scaling and tone mapping: so it is as sharp as can be, keeps its own colours over HDR,
 * and costs no more than the pixels it covers. The picture is one frame that stays; frames and their times go through untouched. Pure.
 */
public final class WatermarkFilter {
    /** Distance from the edges, of the picture's shorter side. */
    private static final double MARGIN = 0.03;
    /** Both inputs in the encoder's own time base: else the overlay would take one that holds both, which may round. */
    private static final String TIME_BASE = "settb=1/90000";

    private WatermarkFilter() {}

    /** The picture as a further input, by content one of the three kinds that can be uploaded. */
    public static List<String> input(MediaInput picture) {
        List<String> arguments = new ArrayList<>(picture.protocolOptions());
        arguments.addAll(List.of("-format_whitelist", "png_pipe,jpeg_pipe,webp_pipe", "-i", picture.name()));
        return List.copyOf(arguments);
    }

    /**
     * The chains that make a watermark of its own for each rendition, joined by semicolons.
     *
     * @param input the number of the picture's input
     */
    public static String prepared(int input, WatermarkPlacement placement, List<Rendition> renditions) {
        String labels = IntStream.range(0, renditions.size())
                .mapToObj(index -> "[u" + index + "]")
                .collect(Collectors.joining());
        String scaled = IntStream.range(0, renditions.size())
                .mapToObj(index -> ";[u" + index + "]" + scale(placement, renditions.get(index)) + "[w" + index + "]")
                .collect(Collectors.joining());
        return String.format(
                Locale.ROOT,
                "[%d:v:0]format=rgba,colorchannelmixer=aa=%s,split=%d%s%s",
                input,
                placement.opacity().toPlainString(),
                renditions.size(),
                labels,
                scaled);
    }

    /**
     * The end of a rendition's chain, to be appended with a comma to its last filter, which has tagged the colours: lays the watermark over it. Colours that are tagged otherwise would be converted.
     *
     * @param index of the rendition in the list that {@link #prepared} was given
     */
    public static String overlaid(int index, WatermarkPlacement placement, Rendition rendition) {
        int margin = (int) Math.round(Math.min(rendition.width(), rendition.height()) * MARGIN);
        String right = "W-w-" + margin;
        String bottom = "H-h-" + margin;
        String at = switch (placement.position()) {
            case TOP_LEFT -> "x=" + margin + ":y=" + margin;
            case TOP_RIGHT -> "x=" + right + ":y=" + margin;
            case BOTTOM_LEFT -> "x=" + margin + ":y=" + bottom;
            case BOTTOM_RIGHT -> "x=" + right + ":y=" + bottom;
            case CENTER -> "x=(W-w)/2:y=(H-h)/2";
        };
        return TIME_BASE + "[b" + index + "];[b" + index + "][w" + index + "]overlay=" + at
                + ":eval=init:format=yuv420";
    }

    /** A tall one is kept as high as the picture at most. */
    private static String scale(WatermarkPlacement placement, Rendition rendition) {
        int width = Math.max(2, (int) Math.round(rendition.width() * placement.widthPercent() / 100.0));
        return "scale=w=" + width + ":h=" + rendition.height()
                + ":force_original_aspect_ratio=decrease:flags=bicubic:out_color_matrix=bt709:out_range=tv,format=yuva420p,"
                + VideoFilters.TAGS + "," + TIME_BASE;
    }
}
