package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What a completed job offers, fetched wholly and looked into. */
final class Results {
    private static final Pattern URI_ATTRIBUTE = Pattern.compile("URI=\"([^\"]+)\"");

    private Results() {}

    /** All three below. Gives ffprobe's JSON about the download. */
    static String assertAllThere(Api api, JsonNode status) throws java.io.IOException {
        assertPlayable(api, status);
        assertPoster(api, status);
        return assertDownload(api, status);
    }

    /** Walks from the master playlist to every segment: each reference must answer with bytes. Gives the number of files. */
    static int assertPlayable(Api api, JsonNode status) {
        String master = status.path("video_url").asString("");
        assertThat(master).as("video_url of %s", status).isNotEmpty();
        List<String> files = new ArrayList<>();
        for (String playlist : references(api, master)) {
            List<String> segments = references(api, playlist);
            assertThat(segments).as(playlist).hasSizeGreaterThan(1); // an init section and at least one segment
            segments.forEach(
                    segment -> assertThat(api.fetch(segment)).as(segment).isNotEmpty());
            files.addAll(segments);
        }
        assertThat(files).doesNotHaveDuplicates().isNotEmpty();
        return files.size();
    }

    /** The download is a fast-start file: its index comes before its media data. Gives ffprobe's JSON about it. */
    static String assertDownload(Api api, JsonNode status) throws java.io.IOException {
        byte[] bytes = api.fetch(status.path("download_url").asString(""));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text.indexOf("moov")).as("moov before mdat").isPositive().isLessThan(text.indexOf("mdat"));
        Path file = Files.write(Files.createTempFile(Clip.WORK, "download", ".mp4"), bytes);
        Clip.ffmpeg(List.of("-xerror", "-i", file.toString(), "-f", "null", "-")); // every frame decodes
        return Clip.ffprobe(List.of("-show_streams", "-show_format", "-of", "json", file.toString()));
    }

    static void assertPoster(Api api, JsonNode status) {
        byte[] poster = api.fetch(status.path("thumbnail_url").asString(""));
        assertThat(poster).startsWith((byte) 0xFF, (byte) 0xD8, (byte) 0xFF);
    }

    private static List<String> references(Api api, String playlist) {
        String text = new String(api.fetch(playlist), StandardCharsets.UTF_8);
        assertThat(text).startsWith("#EXTM3U");
        List<String> found = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher attribute = URI_ATTRIBUTE.matcher(line);
            if (attribute.find()) {
                found.add(resolve(playlist, attribute.group(1)));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                found.add(resolve(playlist, line));
            }
        }
        return found;
    }

    private static String resolve(String playlist, String reference) {
        return java.net.URI.create(playlist).resolve(reference).toString();
    }
}
