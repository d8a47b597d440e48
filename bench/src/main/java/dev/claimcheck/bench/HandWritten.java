package dev.claimcheck.bench;

import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Rendition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The ladder as one would write it by hand: a single ffmpeg that makes HLS with CMAF segments, with the encoder settings, caps and sizes of the profile. Pure. */
final class HandWritten {
    /**
     * A way to write it.
     *
     * @param chained whether each size is scaled from the next larger one instead of from the source
     * @param threads of each encoder; 0 leaves it to ffmpeg
     * @param filterThreads of the filter graph; 0 leaves it to ffmpeg
     */
    record Variant(String name, boolean chained, int threads, int filterThreads) {}

    static final List<Variant> VARIANTS = List.of(
            new Variant("default threads", false, 0, 0),
            new Variant("sizes scaled from each other", true, 0, 0),
            new Variant("one thread per encoder", false, 1, 0),
            new Variant("two threads per encoder and for the filters", false, 2, 2));

    private HandWritten() {}

    static List<String> arguments(Variant variant, Path source, Profile profile, List<Rendition> ladder) {
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "error"));
        if (variant.filterThreads() > 0) {
            arguments.addAll(List.of("-filter_complex_threads", Integer.toString(variant.filterThreads())));
        }
        arguments.addAll(List.of("-i", source.toString()));
        arguments.addAll(List.of("-filter_complex", variant.chained() ? chained(ladder) : split(ladder)));
        for (int index = 0; index < ladder.size(); index++) {
            Rendition rendition = ladder.get(index);
            arguments.addAll(List.of("-map", "[v" + index + "]"));
            arguments.addAll(List.of("-maxrate:v:" + index, Long.toString(rendition.maxBitRate())));
            arguments.addAll(List.of("-bufsize:v:" + index, Long.toString(rendition.maxBitRate() * 2)));
        }
        arguments.addAll(List.of("-map", "0:a:0", "-c:v", profile.video().encoder()));
        arguments.addAll(List.of("-preset", profile.preset(), "-crf", Integer.toString(profile.crf())));
        arguments.addAll(List.of("-profile:v", "high", "-g", "1000", "-sc_threshold", "0"));
        arguments.addAll(List.of("-force_key_frames", "expr:gte(t,n_forced*4)"));
        if (variant.threads() > 0) {
            arguments.addAll(List.of("-threads:v", Integer.toString(variant.threads())));
        }
        arguments.addAll(List.of("-c:a", "aac", "-b:a", Integer.toString(profile.audioBitRate())));
        String streams = IntStream.range(0, ladder.size())
                .mapToObj(index -> "v:" + index + ",agroup:sound ")
                .reduce("", String::concat);
        arguments.addAll(List.of("-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod"));
        arguments.addAll(List.of("-hls_segment_type", "fmp4", "-master_pl_name", "master.m3u8"));
        arguments.addAll(List.of("-var_stream_map", streams + "a:0,agroup:sound", "%v/index.m3u8"));
        return List.copyOf(arguments);
    }

    private static String split(List<Rendition> ladder) {
        StringBuilder graph = new StringBuilder("[0:v]split=" + ladder.size());
        IntStream.range(0, ladder.size()).forEach(index -> graph.append("[s" + index + "]"));
        for (int index = 0; index < ladder.size(); index++) {
            graph.append(";[s" + index + "]").append(scale(ladder.get(index))).append("[v" + index + "]");
        }
        return graph.toString();
    }

    private static String chained(List<Rendition> ladder) {
        StringBuilder graph = new StringBuilder();
        for (int index = 0; index < ladder.size(); index++) {
            graph.append(index == 0 ? "[0:v]" : ";[t" + index + "]").append(scale(ladder.get(index)));
            graph.append(
                    index + 1 < ladder.size() ? ",split=2[v" + index + "][t" + (index + 1) + "]" : "[v" + index + "]");
        }
        return graph.toString();
    }

    private static String scale(Rendition rendition) {
        return String.format(Locale.ROOT, "scale=%d:%d", rendition.width(), rendition.height());
    }
}
