package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.Purpose;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Turns ffprobe's JSON into a {@link SourceInfo}. Pure. */
final class SourceReader {
    private SourceReader() {}

    static SourceInfo read(JsonNode json, String demuxer, long size) {
        JsonNode format = json.path("format");
        List<JsonNode> streams = json.path("streams").valueStream().toList();
        Optional<JsonNode> video = ofType(streams, "video")
                .filter(stream -> !flag(stream, "attached_pic"))
                .filter(stream -> stream.path("width").asInt(0) > 0 && known(stream))
                .max(preferred());
        Optional<JsonNode> cover = ofType(streams, "video")
                .filter(stream -> flag(stream, "attached_pic"))
                .filter(stream -> stream.path("width").asInt(0) > 0 && known(stream))
                .findFirst();
        List<AudioStream> audio = ofType(streams, "audio")
                .filter(stream -> stream.path("channels").asInt(0) > 0 && known(stream))
                .sorted(preferred().reversed())
                .map(SourceReader::audio)
                .toList();
        return new SourceInfo(
                demuxer,
                format.path("format_name").asString(demuxer),
                duration(format, streams),
                size,
                number(format.path("bit_rate")),
                video.map(SourceReader::video),
                audio,
                (int) ofType(streams, "audio").count(),
                ofType(streams, "subtitle").map(SourceReader::subtitles).toList(),
                cover.map(SourceReader::video));
    }

    private static java.util.stream.Stream<JsonNode> ofType(List<JsonNode> streams, String type) {
        return streams.stream()
                .filter(stream -> stream.path("codec_type").asString("").equals(type));
    }

    private static boolean known(JsonNode stream) {
        String codec = stream.path("codec_name").asString("");
        return !codec.isEmpty() && !codec.equals("none") && !codec.equals("unknown");
    }

    /** The default track, else the first. */
    private static Comparator<JsonNode> preferred() {
        return Comparator.<JsonNode>comparingInt(
                        stream -> stream.path("disposition").path("default").asInt(0))
                .thenComparing(stream -> stream.path("index").asInt(0), Comparator.reverseOrder());
    }

    private static VideoStream video(JsonNode stream) {
        int width = stream.path("width").asInt();
        int height = stream.path("height").asInt();
        double sar = ratio(stream.path("sample_aspect_ratio").asString("1:1"), ":", 1);
        int rotation = rotation(stream);
        int shownWidth = Math.max(1, (int) Math.round(width * sar));
        boolean turned = rotation == 90 || rotation == 270;
        return new VideoStream(
                stream.path("index").asInt(),
                stream.path("codec_name").asString(""),
                width,
                height,
                turned ? height : shownWidth,
                turned ? shownWidth : height,
                turned ? height / (width * sar) : width * sar / height,
                rotation,
                frameRate(stream),
                decimal(stream.path("start_time")),
                end(stream),
                stream.path("pix_fmt").asString(""),
                stream.path("field_order").asString("progressive"),
                stream.path("color_transfer").asString(""),
                stream.path("color_primaries").asString(""),
                stream.path("color_space").asString(""),
                stream.path("color_range").asString(""),
                number(stream.path("bit_rate")));
    }

    /** Matroska says it in a tag; 0 where nothing is said. */
    private static double end(JsonNode stream) {
        double length = decimal(stream.path("duration"));
        String[] tag = stream.path("tags").path("DURATION").asString("").split(":", -1);
        if (length <= 0 && tag.length == 3 && String.join("", tag).matches("\\d{4,8}(\\.\\d{1,9})?")) {
            length = Integer.parseInt(tag[0]) * 3600 + Integer.parseInt(tag[1]) * 60 + Double.parseDouble(tag[2]);
        }
        return length <= 0 ? 0 : decimal(stream.path("start_time")) + length;
    }

    private static AudioStream audio(JsonNode stream) {
        return new AudioStream(
                stream.path("index").asInt(),
                stream.path("codec_name").asString(""),
                stream.path("channels").asInt(),
                stream.path("channel_layout").asString(""),
                (int) number(stream.path("sample_rate")),
                number(stream.path("bit_rate")),
                language(stream.path("tags").path("language").asString("")),
                stream.path("tags").path("title").asString(""),
                purpose(stream),
                decimal(stream.path("start_time")));
    }

    private static Purpose purpose(JsonNode stream) {
        if (flag(stream, "visual_impaired") || flag(stream, "descriptions")) {
            return Purpose.DESCRIPTION;
        }
        if (flag(stream, "comment")) {
            return Purpose.COMMENTARY;
        }
        return flag(stream, "dub") ? Purpose.DUB : Purpose.PROGRAMME;
    }

    /** As BCP 47 or ISO 639 write it; a tag may hold anything, of any length. */
    private static String language(String tag) {
        return tag.matches("[A-Za-z0-9-]{2,35}") ? tag : "";
    }

    private static SubtitleStream subtitles(JsonNode stream) {
        return new SubtitleStream(
                stream.path("index").asInt(),
                stream.path("codec_name").asString(""),
                stream.path("tags").path("language").asString(""),
                stream.path("tags").path("title").asString(""),
                flag(stream, "default"),
                flag(stream, "forced"),
                flag(stream, "hearing_impaired"));
    }

    private static boolean flag(JsonNode stream, String disposition) {
        return stream.path("disposition").path(disposition).asInt(0) == 1;
    }

    private static double frameRate(JsonNode stream) {
        double average = ratio(stream.path("avg_frame_rate").asString("0/0"), "/", 0);
        return average > 0 ? average : ratio(stream.path("r_frame_rate").asString("0/0"), "/", 0);
    }

    /** ffprobe gives the display matrix's angle counter-clockwise. */
    private static int rotation(JsonNode stream) {
        double angle = stream.path("side_data_list")
                .valueStream()
                .filter(side -> side.has("rotation"))
                .mapToDouble(side -> side.path("rotation").asDouble(0))
                .findFirst()
                .orElse(0);
        int quarter = (int) Math.round(-angle / 90);
        return Math.floorMod(quarter, 4) * 90;
    }

    private static double duration(JsonNode format, List<JsonNode> streams) {
        double whole = decimal(format.path("duration"));
        return whole > 0
                ? whole
                : streams.stream()
                        .mapToDouble(stream -> decimal(stream.path("duration")))
                        .max()
                        .orElse(0);
    }

    private static double ratio(String text, String separator, double otherwise) {
        String[] parts = text.split(separator, -1);
        if (parts.length != 2 || !parts[0].matches("\\d{1,9}") || !parts[1].matches("\\d{1,9}")) {
            return otherwise;
        }
        double below = Double.parseDouble(parts[1]);
        double value = Double.parseDouble(parts[0]) / below;
        return below == 0 || value == 0 ? otherwise : value;
    }

    private static double decimal(JsonNode node) {
        String text = node.asString("");
        return text.matches("-?\\d{1,12}(\\.\\d+)?") ? Double.parseDouble(text) : 0;
    }

    private static long number(JsonNode node) {
        String text = node.asString("");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }
}
