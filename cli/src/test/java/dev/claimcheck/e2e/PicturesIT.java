package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a job offers beside the video, from upload to link, through the packaged program. */
class PicturesIT {
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_MEDIA_WAVEFORM", "true"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void aVideoWithSubtitlesOffersPosterStoryboardWaveformAndWebVtt() throws Exception {
        JsonNode done =
                api.awaitCompleted(api.upload(captioned(), "captioned.mkv").text("job_id"));

        assertThat(done.path("warnings")).as(done::toPrettyString).isEmpty();
        assertThat(done.path("metadata").path("subtitle_tracks").asInt()).isEqualTo(2);
        Results.assertPoster(api, done);
        assertThat(type(done.path("thumbnail_webp_url"))).isEqualTo("image/webp");
        assertThat(new String(api.fetch(done.path("thumbnail_webp_url").asString()), 8, 4, UTF_8))
                .isEqualTo("WEBP");
        assertStoryboard(done.path("storyboard_url").asString());
        assertWaveform(done.path("waveform_url").asString());
        assertSubtitles(done);
    }

    private static void assertStoryboard(String link) throws Exception {
        assertThat(link).endsWith("/storyboard/storyboard.vtt");
        assertThat(text(link))
                .startsWith("WEBVTT\n")
                .contains("\n00:00:03.000 --> 00:00:04.000\n001.jpg#xywh=480,0,160,90\n");
        String sheet = URI.create(link).resolve("001.jpg").toString();
        BufferedImage tiles = ImageIO.read(new ByteArrayInputStream(api.fetch(sheet)));
        assertThat(tiles.getWidth()).isEqualTo(640);
        for (int tile = 0; tile < 4; tile++) {
            double second = (tiles.getRGB(tile * 160 + 80, 45) & 0xFF) * 219.0 / 255 / 40;
            assertThat(second).as("second shown in tile %d", tile).isCloseTo(tile + 1, within(0.2));
        }
    }

    private static void assertWaveform(String link) {
        JsonNode waveform = JsonMapper.shared().readTree(text(link));
        assertThat(waveform.path("length").asInt()).isBetween(78, 81);
        assertThat(waveform.path("data").path(1).asInt()).isGreaterThan(5);
    }

    private static void assertSubtitles(JsonNode done) {
        JsonNode tracks = done.path("subtitles");
        assertThat(tracks).as(done::toPrettyString).hasSize(2);
        assertThat(tracks.path(0).path("language").asString()).isEqualTo("en");
        assertThat(tracks.path(0).path("name").asString()).isEqualTo("English");
        assertThat(tracks.path(1).path("language").asString()).isEqualTo("de");
        assertThat(tracks.path(1).path("name").asString()).isEqualTo("Kommentar");
        String english = tracks.path(0).path("url").asString();
        assertThat(type(tracks.path(0).path("url"))).isEqualTo("text/vtt");
        assertThat(text(english)).isEqualTo("WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>One</i>\n");
        assertThat(text(tracks.path(1).path("url").asString())).endsWith("\nZwei\n");
        String playlist = URI.create(english)
                .resolve("../hls/subtitles/1-en/playlist.m3u8")
                .toString();
        assertThat(text(playlist)).contains("\n00001.vtt\n").endsWith("#EXT-X-ENDLIST\n");
        assertThat(text(URI.create(playlist).resolve("00001.vtt").toString()))
                .startsWith("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n")
                .contains("<i>One</i>");
    }

    @Test
    void aSoundWithACoverHasAPosterAndNoStoryboard() throws Exception {
        Path cover = Clip.WORK.resolve("cover.png");
        Clip.ffmpeg(List.of("-f", "lavfi", "-i", "color=red:size=200x200", "-frames:v", "1", cover.toString()));
        Path song = Clip.WORK.resolve("song.mp3");
        Clip.ffmpeg(List.of(
                "-f",
                "lavfi",
                "-i",
                "sine=duration=2",
                "-i",
                cover.toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "copy",
                "-disposition:v",
                "attached_pic",
                song.toString()));

        JsonNode done = api.awaitCompleted(api.upload(song, "song.mp3").text("job_id"));

        assertThat(done.path("warnings")).as(done::toPrettyString).isEmpty();
        BufferedImage poster = ImageIO.read(
                new ByteArrayInputStream(api.fetch(done.path("thumbnail_url").asString())));
        assertThat(poster.getWidth()).isEqualTo(200);
        assertThat(poster.getRGB(100, 100) >> 16 & 0xFF).isGreaterThan(200);
        assertThat(done.has("storyboard_url")).isFalse();
        assertThat(done.has("subtitles")).isFalse();
        assertThat(done.has("waveform_url")).isTrue();
    }

    /** Four seconds, one brighter than the other, with sound and two kinds of subtitles. */
    private static Path captioned() throws Exception {
        Path english = Files.writeString(Clip.WORK.resolve("en.srt"), "1\n00:00:01,000 --> 00:00:02,500\n<i>One</i>\n");
        Path german = Files.writeString(Clip.WORK.resolve("de.srt"), "1\n00:00:02,000 --> 00:00:03,000\nZwei\n");
        Path file = Clip.WORK.resolve("captioned.mkv");
        Clip.ffmpeg(List.of(
                "-f",
                "lavfi",
                "-i",
                "color=black:size=320x180:rate=25:duration=4,geq=lum='56+40*floor(T+0.001)':cb=128:cr=128",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=3.9",
                "-i",
                english.toString(),
                "-i",
                german.toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-map",
                "2",
                "-map",
                "3",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac",
                "-c:s:0",
                "subrip",
                "-c:s:1",
                "ass",
                "-metadata:s:s:0",
                "language=eng",
                "-metadata:s:s:1",
                "language=ger",
                "-metadata:s:s:1",
                "title=Kommentar",
                file.toString()));
        return file;
    }

    private static String text(String link) {
        return new String(api.fetch(link), UTF_8);
    }

    private static String type(JsonNode link) {
        return api.open(link.asString()).headers().firstValue("Content-Type").orElse("");
    }
}
