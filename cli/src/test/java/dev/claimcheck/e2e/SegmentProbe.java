package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A CMAF segment as ffprobe sees it. */
final class SegmentProbe {
    private SegmentProbe() {}

    /** What the packets come to. */
    static HlsCheck.Segment segment(JsonNode packets, boolean isVideo, byte[] body, String uri) {
        assertThat(packets).as("samples of %s", uri).isNotEmpty();
        assertThat(packets.path(0).path("flags").asString(""))
                .as("first sample of %s", uri)
                .startsWith("K");
        // Where frames are shown in another order than they are decoded in, ffprobe moves a fragment's times by the
        // largest reordering that it meets.
        double moved = isVideo ? time(packets.path(0), "pts_time") - firstShown(body) : 0;
        double start = Double.MAX_VALUE;
        double end = -Double.MAX_VALUE;
        double shortest = Double.MAX_VALUE;
        double longest = 0;
        for (JsonNode packet : packets) {
            double from = time(packet, "pts_time") - moved;
            double length = time(packet, "duration_time");
            start = Math.min(start, from);
            end = Math.max(end, from + length);
            shortest = Math.min(shortest, length);
            longest = Math.max(longest, length);
        }
        return new HlsCheck.Segment(start, end, packets.size(), shortest, longest, body.length);
    }

    /** Seconds at which the first sample is shown, by the segment's own tfdt and trun (ISO/IEC 14496-12); our videos count 90,000 ticks a second. */
    private static double firstShown(byte[] segment) {
        String text = new String(segment, StandardCharsets.ISO_8859_1);
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        int tfdt = text.indexOf("tfdt");
        long decoded =
                segment[tfdt + 4] == 1 ? bytes.getLong(tfdt + 8) : Integer.toUnsignedLong(bytes.getInt(tfdt + 8));
        int trun = text.indexOf("trun");
        int flags = bytes.getInt(trun + 4) & 0xffffff;
        int sample = trun + 12 + ((flags & 0x1) != 0 ? 4 : 0) + ((flags & 0x4) != 0 ? 4 : 0);
        int offset = (flags & 0x800) == 0 ? 0 : bytes.getInt(sample + 4 * Integer.bitCount(flags & 0x700));
        return (decoded + offset) / 90_000.0;
    }

    private static double time(JsonNode packet, String field) {
        return Double.parseDouble(packet.path(field).asString("NaN"));
    }

    /** Its stream and packets, as ffprobe finds them behind the initialization section. */
    static JsonNode of(byte[] init, byte[] segment) {
        try {
            Path file = Files.createTempFile(Clip.WORK, "segment", ".mp4");
            byte[] both = java.util.Arrays.copyOf(init, init.length + segment.length);
            System.arraycopy(segment, 0, both, init.length, segment.length);
            Files.write(file, both);
            JsonNode found = JsonMapper.shared()
                    .readTree(Clip.ffprobe(List.of(
                            "-show_streams",
                            "-show_packets",
                            "-show_entries",
                            "packet=pts_time,dts_time,duration_time,flags",
                            "-of",
                            "json",
                            file.toString())));
            Files.delete(file);
            return found;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
