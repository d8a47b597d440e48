package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A finished video held against RFC 8216 as a player meets it: what the playlists say must be what ffprobe finds in the segments. Everything is fetched over HTTP; nothing of the
 * program's own code is asked.
 *
 * @param variants best first; none of sound alone
 * @param sounds the default one first
 */
record HlsCheck(String master, List<Track> variants, List<Sound> sounds) {
    private static final Pattern ATTRIBUTE = Pattern.compile("([A-Z0-9-]+)=(\"[^\"]*\"|[^,]*)");

    /** Playlists say seconds with six decimals, tracks count in ticks. */
    private static final double ROUNDING = 0.002;

    /**
     * A rendition as it was found.
     *
     * @param seconds as the playlist lists them (EXTINF), a segment each
     * @param stream ffprobe's finding
     * @param codec as ffprobe's finding is written in RFC 6381
     */
    record Track(String name, List<Double> seconds, List<Segment> segments, JsonNode stream, String codec) {
        int samples() {
            return segments.stream().mapToInt(Segment::samples).sum();
        }

        double start() {
            return segments.getFirst().start();
        }

        double end() {
            return segments.getLast().end();
        }

        int number(String field) {
            return stream.path(field).asInt();
        }

        String text(String field) {
            return stream.path(field).asString("");
        }

        /** Of single segments, in bits per second; of a crumb at the end nothing is said. */
        double peakBitRate() {
            double peak = 0;
            for (int index = 0; index < segments.size(); index++) {
                if (seconds.get(index) >= 2 || segments.size() == 1) {
                    peak = Math.max(peak, segments.get(index).bytes() * 8 / seconds.get(index));
                }
            }
            return peak;
        }
    }

    /**
     * A segment as ffprobe sees it behind its initialization section.
     *
     * @param start when its first sample is shown, in seconds
     * @param shortest sample, in seconds
     * @param longest sample, in seconds
     */
    record Segment(double start, double end, int samples, double shortest, double longest, long bytes) {}

    /** A track of sound, and what the master playlist says of it; nothing where it is the only one, of sound alone. */
    record Sound(Map<String, String> said, Track track) {}

    /** The sound that is heard unless somebody chooses another. */
    Optional<Track> sound() {
        return sounds.stream().map(Sound::track).findFirst();
    }

    private record Listed(String init, String uri, double seconds) {}

    /** Checks all of it. */
    static HlsCheck of(Api api, JsonNode done) {
        String master = done.path("video_url").asString("");
        assertThat(master).as("video_url of %s", done).endsWith("/hls/master.m3u8");
        List<String> lines = lines(api, master);
        assertThat(lines).anyMatch(line -> line.matches("#EXT-X-VERSION:[67]")).contains("#EXT-X-INDEPENDENT-SEGMENTS");
        List<Sound> sounds = lines.stream()
                .filter(line -> line.startsWith("#EXT-X-MEDIA:") && line.contains("TYPE=AUDIO"))
                .map(HlsCheck::attributes)
                .map(media -> new Sound(media, track(api, resolve(master, media.getOrDefault("URI", "")))))
                .toList();
        assertGroup(sounds);
        List<Track> variants = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            if (lines.get(at).startsWith("#EXT-X-STREAM-INF:")) {
                Map<String, String> said = attributes(lines.get(at));
                Track track = track(api, resolve(master, lines.get(at + 1)));
                assertThat(said.get("AUDIO"))
                        .as("audio group")
                        .isEqualTo(sounds.stream()
                                .map(sound -> sound.said().get("GROUP-ID"))
                                .findFirst()
                                .orElse(null));
                assertVariant(said, track, sounds);
                variants.add(track);
            }
        }
        assertThat(variants).as(master).isNotEmpty();
        if (variants.getFirst().text("codec_type").equals("audio")) {
            assertThat(variants).hasSize(1);
            assertThat(sounds.stream().map(sound -> sound.track().name()).limit(1))
                    .isSubsetOf(variants.getFirst().name());
            return new HlsCheck(
                    master, List.of(), sounds.isEmpty() ? List.of(new Sound(Map.of(), variants.getFirst())) : sounds);
        }
        assertSameBoundaries(variants);
        return new HlsCheck(master, List.copyOf(variants), sounds);
    }

    /** One group with one default, its members told apart by their names and, where a player may choose by itself, by what it chooses by (RFC 8216, 4.3.4.1.1). */
    private static void assertGroup(List<Sound> sounds) {
        assertThat(sounds).extracting(sound -> sound.said().get("NAME")).doesNotHaveDuplicates();
        List<String> choices = new ArrayList<>();
        for (Sound sound : sounds) {
            Map<String, String> said = sound.said();
            boolean isFirst = sound.equals(sounds.getFirst());
            assertThat(said)
                    .containsEntry("GROUP-ID", sounds.getFirst().said().get("GROUP-ID"))
                    .containsEntry("DEFAULT", isFirst ? "YES" : "NO")
                    .containsEntry("CHANNELS", sound.track().text("channels"));
            assertThat(said.get("NAME")).isNotBlank();
            assertThat(said.get("AUTOSELECT")).isIn(isFirst ? List.of("YES") : List.of("YES", "NO"));
            assertThat(sound.track().text("codec_type")).isEqualTo("audio");
            assertThat(sound.track().number("channels")).isBetween(1, 2);
            if (said.containsKey("LANGUAGE")) {
                new Locale.Builder().setLanguageTag(said.get("LANGUAGE")); // throws where it is none
            }
            if ("YES".equals(said.get("AUTOSELECT"))) {
                choices.add(said.get("LANGUAGE") + " " + said.get("CHARACTERISTICS"));
            }
        }
        assertThat(choices).doesNotHaveDuplicates();
    }

    private static void assertVariant(Map<String, String> said, Track track, List<Sound> sounds) {
        boolean isPicture = track.text("codec_type").equals("video");
        List<Track> heard = sounds.stream().map(Sound::track).toList();
        assertThat(heard.stream().map(Track::codec).distinct()).hasSizeLessThan(2);
        String codecs = track.codec()
                + (isPicture
                        ? heard.stream()
                                .findFirst()
                                .map(one -> "," + one.codec())
                                .orElse("")
                        : "");
        assertThat(said).as(track.name()).containsEntry("CODECS", codecs);
        double loudest = heard.stream().mapToDouble(Track::peakBitRate).max().orElse(0);
        double peak = isPicture ? track.peakBitRate() + loudest : Math.max(track.peakBitRate(), loudest);
        assertThat(Double.parseDouble(said.get("BANDWIDTH")))
                .as("BANDWIDTH of %s", track.name())
                .isGreaterThanOrEqualTo(peak - 8);
        assertThat(Long.parseLong(said.get("AVERAGE-BANDWIDTH")))
                .isLessThanOrEqualTo(Long.parseLong(said.get("BANDWIDTH")));
        if (track.text("codec_type").equals("audio")) {
            return;
        }
        assertThat(said.get("RESOLUTION")).isEqualTo(track.number("width") + "x" + track.number("height"));
        assertThat(track.text("sample_aspect_ratio")).as("square pixels").isIn("", "1:1", "N/A", "0:1");
        // A frame more or less in so short a clip.
        double seconds = track.end() - track.start();
        double rate = track.samples() / seconds;
        double most = 1
                / track.segments().stream().mapToDouble(Segment::shortest).min().orElseThrow();
        assertThat(Double.parseDouble(said.getOrDefault("FRAME-RATE", "0")))
                .as("FRAME-RATE of %s: the highest there is", track.name())
                .isBetween(rate * 0.99 - 1.2 / seconds, Math.max(rate, most) * 1.01 + 1.2 / seconds);
        assertThat(track.text("pix_fmt")).isEqualTo("yuv420p");
        for (String tag : List.of("color_space", "color_transfer", "color_primaries")) {
            assertThat(track.text(tag)).as("%s of %s", tag, track.name()).isEqualTo("bt709");
        }
        assertThat(track.text("color_range")).isEqualTo("tv");
    }

    private static void assertSameBoundaries(List<Track> variants) {
        Track first = variants.getFirst();
        for (Track track : variants) {
            assertThat(track.seconds()).as(track.name()).isEqualTo(first.seconds());
            for (int index = 0; index < first.segments().size(); index++) {
                Segment one = first.segments().get(index);
                Segment other = track.segments().get(index);
                assertThat(other.start())
                        .as("start of segment %d of %s", index, track.name())
                        .isCloseTo(one.start(), within(ROUNDING));
                assertThat(other.samples()).isEqualTo(one.samples());
            }
        }
    }

    /** A media playlist with all of its segments. */
    private static Track track(Api api, String playlist) {
        List<Listed> listed = listed(api, playlist);
        List<Segment> segments = new ArrayList<>();
        JsonNode stream = JsonMapper.shared().nullNode();
        Map<String, byte[]> inits = new HashMap<>();
        for (Listed entry : listed) {
            byte[] init = inits.computeIfAbsent(entry.init(), api::fetch);
            byte[] body = api.fetch(entry.uri());
            JsonNode found = SegmentProbe.of(init, body);
            stream = found.path("streams").path(0);
            segments.add(SegmentProbe.segment(
                    found.path("packets"),
                    stream.path("codec_type").asString("").equals("video"),
                    body,
                    entry.uri()));
        }
        Track track =
                new Track(playlist, listed.stream().map(Listed::seconds).toList(), segments, stream, codec(stream));
        assertTimes(track);
        return track;
    }

    private static List<Listed> listed(Api api, String playlist) {
        List<String> lines = lines(api, playlist);
        assertThat(lines)
                .as(playlist)
                .contains("#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-VERSION:7")
                .endsWith("#EXT-X-ENDLIST");
        long target = Long.parseLong(tag(lines, "#EXT-X-TARGETDURATION:"));
        List<Listed> listed = new ArrayList<>();
        String init = "";
        double seconds = -1;
        for (String line : lines) {
            if (line.startsWith("#EXT-X-MAP:")) {
                init = resolve(playlist, attributes(line).getOrDefault("URI", ""));
            } else if (line.startsWith("#EXTINF:")) {
                assertThat(seconds).as("two lengths for one segment").isNegative();
                seconds = Double.parseDouble(line.substring(8, line.indexOf(',')));
                assertThat(Math.round(seconds)).as("%s in %s", line, playlist).isLessThanOrEqualTo(target);
                assertThat(seconds).isPositive();
            } else if (!line.startsWith("#")) {
                assertThat(init).as("a map before %s", line).isNotEmpty();
                assertThat(seconds).as("a length before %s", line).isNotNegative();
                listed.add(new Listed(init, resolve(playlist, line), seconds));
                seconds = -1;
            }
        }
        assertThat(listed).as(playlist).isNotEmpty();
        assertThat(listed.stream().map(Listed::uri)).doesNotHaveDuplicates();
        return listed;
    }

    /** Each segment lasts as long as the playlist says, and the next one follows where it ends. */
    private static void assertTimes(Track track) {
        double at = track.start();
        for (int index = 0; index < track.segments().size(); index++) {
            Segment segment = track.segments().get(index);
            // Of sound the first packet may be cut short by what the encoder needs to get going.
            double tolerance = Math.max(ROUNDING, segment.longest() * 1.01);
            assertThat(segment.start())
                    .as("start of segment %d of %s", index, track.name())
                    .isCloseTo(at, within(tolerance));
            assertThat(segment.end() - segment.start())
                    .as("length of segment %d of %s", index, track.name())
                    .isCloseTo(track.seconds().get(index), within(tolerance));
            at += track.seconds().get(index);
        }
    }

    /** RFC 6381, from profile and level as ffprobe reads them out of the stream. */
    private static String codec(JsonNode stream) {
        String profile = stream.path("profile").asString("");
        int level = stream.path("level").asInt();
        String codec = stream.path("codec_name").asString("");
        return switch (codec + " " + profile) {
            case "h264 High" -> String.format(Locale.ROOT, "avc1.6400%02x", level);
            case "hevc Main" -> "hvc1.1.6.L" + level + ".90";
            case "av1 Main" -> String.format(Locale.ROOT, "av01.0.%02dM.08", level);
            case "aac LC" -> "mp4a.40.2";
            default -> codec;
        };
    }

    static List<String> lines(Api api, String playlist) {
        String text = new String(api.fetch(playlist), StandardCharsets.UTF_8);
        assertThat(text).as(playlist).startsWith("#EXTM3U\n").endsWith("\n");
        return text.lines().toList();
    }

    static Map<String, String> attributes(String line) {
        Map<String, String> found = new HashMap<>();
        Matcher matcher = ATTRIBUTE.matcher(line.substring(line.indexOf(':') + 1));
        while (matcher.find()) {
            assertThat(found.put(matcher.group(1), matcher.group(2).replace("\"", "")))
                    .as(line)
                    .isNull();
        }
        return found;
    }

    static String resolve(String playlist, String reference) {
        return URI.create(playlist).resolve(reference).toString();
    }

    private static String tag(List<String> lines, String name) {
        List<String> found =
                lines.stream().filter(line -> line.startsWith(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst().substring(name.length());
    }
}
