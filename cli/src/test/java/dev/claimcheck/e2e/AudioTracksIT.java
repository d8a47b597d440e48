package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Videos with several tracks of sound: each is delivered, named, in its language, and is what it is called. Track n is a tone of n × 300 Hz. */
class AudioTracksIT {
    private static final String HOSTILE = "\"><script>alert('&amp;')</script>\n#EXT-X-ENDLIST\n\u202Eend]]>";
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_MEDIA_NICE", "0"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void everyTrackIsDeliveredUnderItsNameAndInItsLanguage() throws Exception {
        JsonNode done = completed(film(), "profile=web");

        HlsCheck hls = HlsCheck.of(api, done);
        DashCheck.of(api, hls);
        assertThat(done.path("warnings")).isEmpty();
        assertThat(done.path("verification").path("passed").asBoolean()).isTrue();
        assertThat(hls.sounds().stream().map(sound -> sound.said().get("NAME")).toList())
                .containsExactly(
                        "Main",
                        "French",
                        "'><script>alert('&amp;')</script> #EXT-X-ENDLIST end]]>",
                        "English (audio description)");
        assertThat(hls.sounds().stream()
                        .map(sound -> sound.said().getOrDefault("LANGUAGE", "none"))
                        .toList())
                .containsExactly("en", "fr", "none", "en");
        assertThat(hls.sounds().stream()
                        .map(sound -> sound.said().get("AUTOSELECT"))
                        .toList())
                .containsExactly("YES", "YES", "NO", "YES");
        assertThat(hls.sounds().get(3).said()).containsEntry("CHARACTERISTICS", "public.accessibility.describes-video");
        assertThat(hls.sounds())
                .extracting(sound -> sound.track().number("channels"))
                .containsExactly(2, 1, 2, 2);
        for (int index = 0; index < 4; index++) {
            HlsCheck.Track track = hls.sounds().get(index).track();
            assertThat(track.end()).as("end of track %d", index + 1).isCloseTo(12, within(0.1));
            assertThat(hertz(joined(track.name()), 0)).isCloseTo(300.0 * (index + 1), within(3.0));
        }
        String manifest =
                new String(api.fetch(HlsCheck.resolve(hls.master(), "../dash/manifest.mpd")), StandardCharsets.UTF_8);
        assertThat(manifest).doesNotContain("<script>").contains("value=\"commentary\"", "value=\"description\"");
    }

    @Test
    void theDownloadHasThemAllTheDefaultOneFirst() throws Exception {
        JsonNode done = completed(film(), "profile=preview");

        JsonNode streams =
                JsonMapper.shared().readTree(Results.assertDownload(api, done)).path("streams");
        List<JsonNode> sounds = streams.valueStream()
                .filter(stream -> stream.path("codec_type").asString("").equals("audio"))
                .toList();
        assertThat(sounds.stream()
                        .map(stream -> stream.path("tags").path("language").asString(""))
                        .toList())
                .containsExactly("eng", "fra", "und", "eng");
        assertThat(sounds.stream()
                        .map(stream ->
                                stream.path("disposition").path("default").asInt())
                        .toList())
                .containsExactly(1, 0, 0, 0);
        assertThat(sounds.getFirst().path("tags").path("handler_name").asString())
                .isEqualTo("Main");
        Path file = Files.write(
                Files.createTempFile(Clip.WORK, "tracks", ".mp4"),
                api.fetch(done.path("download_url").asString()));
        for (int index = 0; index < 4; index++) {
            assertThat(hertz(file, index)).as("track %d", index + 1).isCloseTo(300.0 * (index + 1), within(3.0));
        }
    }

    @Test
    void theMetadataNameThem() throws Exception {
        JsonNode metadata = completed(film(), "profile=audio").path("metadata");

        assertThat(metadata.path("audio_tracks").asInt()).isEqualTo(4);
        assertThat(metadata.path("audio")
                        .valueStream()
                        .map(track -> track.path("purpose").asString()))
                .containsExactly("programme", "programme", "commentary", "description");
        assertThat(metadata.path("audio").path(1).path("language").asString()).isEqualTo("fr");
        assertThat(metadata.path("audio")
                        .valueStream()
                        .map(track -> track.path("delivered").asBoolean()))
                .containsOnly(true);
    }

    /** Sound alone, more tracks than are delivered, the second of which is noise. */
    @Test
    void ofTenTracksEightAreDeliveredAndOneThatIsBrokenTakesNoOtherWithIt() throws Exception {
        List<String> inputs = new ArrayList<>();
        List<String> codecs = new ArrayList<>();
        for (int track = 1; track <= 10; track++) {
            inputs.addAll(tone(track, 3));
            codecs.addAll(List.of("-map", Integer.toString(track - 1)));
        }
        codecs.addAll(List.of("-c:a", "flac", "-bsf:a:1", "noise=amount=1"));
        Path file = Clip.odd("ten.mka", inputs, codecs);

        JsonNode done = completed(file, "profile=audio");

        HlsCheck hls = HlsCheck.of(api, done);
        DashCheck.of(api, hls);
        assertThat(hls.variants()).isEmpty();
        assertThat(hls.sounds().stream().map(sound -> folder(sound.track())))
                .containsExactly("audio", "audio-3", "audio-4", "audio-5", "audio-6", "audio-7", "audio-8");
        assertThat(hertz(joined(hls.sounds().get(1).track().name()), 0)).isCloseTo(900, within(3.0));
        JsonNode metadata = done.path("metadata");
        assertThat(metadata.path("audio_tracks").asInt()).isEqualTo(10);
        assertThat(metadata.path("audio").path(8).path("delivered").asBoolean(true))
                .isFalse();
        assertThat(done.path("verification").path("faults").valueStream().map(JsonNode::asString))
                .containsExactly("track 2 of the sound cannot be decoded");
    }

    @Test
    void whereTheOnlyOtherTrackIsBrokenTheVideoIsThereWithAWarning() throws Exception {
        List<String> inputs = new ArrayList<>(tone(1, 3));
        inputs.addAll(tone(2, 3));
        Path file = Clip.odd(
                "two.mka", inputs, List.of("-map", "0", "-map", "1", "-c:a", "flac", "-bsf:a:1", "noise=amount=1"));

        JsonNode done = completed(file, "profile=audio");

        assertThat(HlsCheck.of(api, done).sounds()).hasSize(1);
        assertThat(done.path("warnings").path(0).path("step").asString("")).isEqualTo("other_audio");
        assertThat(done.path("verification").path("passed").asBoolean(true)).isFalse();
    }

    private static JsonNode completed(Path file, String options) throws IOException {
        Api.Answer accepted = api.send(api.request("/videos/upload?filename=" + file.getFileName() + "&" + options)
                .POST(BodyPublishers.ofFile(file))
                .build());
        assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
        return api.awaitCompleted(accepted.text("job_id"));
    }

    /** 12 s, which are cut into chunks. The default track is the second in the file. */
    private static Path film() {
        List<String> inputs =
                new ArrayList<>(List.of("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=12"));
        for (int track = 1; track <= 4; track++) {
            inputs.addAll(tone(track, 12));
        }
        List<String> codecs = new ArrayList<>(List.of(
                ("-map 0 -map 2 -map 1 -map 3 -map 4 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -c:a aac -ac 2 -ac:a:0 1"
                                + " -disposition:a:0 0 -disposition:a:1 default -disposition:a:2 comment -disposition:a:3 visual_impaired"
                                + " -metadata:s:a:0 language=fre -metadata:s:a:1 language=eng -metadata:s:a:1 title=Main -metadata:s:a:3 language=eng")
                        .split(" ")));
        codecs.addAll(List.of("-metadata:s:a:2", "title=" + HOSTILE));
        return Clip.odd("film.mkv", inputs, codecs);
    }

    private static List<String> tone(int track, int seconds) {
        return List.of("-f", "lavfi", "-i", "sine=sample_rate=48000:frequency=" + 300 * track + ":duration=" + seconds);
    }

    private static String folder(HlsCheck.Track track) {
        return track.name().replaceAll(".*/([^/]+)/[^/]+$", "$1");
    }

    /** A track put together as a player does. */
    private static Path joined(String playlist) throws IOException {
        Path file = Files.createTempFile(Clip.WORK, "track", ".mp4");
        try (var out = Files.newOutputStream(file)) {
            out.write(api.fetch(HlsCheck.resolve(playlist, "init.mp4")));
            for (String line : HlsCheck.lines(api, playlist)) {
                if (!line.startsWith("#")) {
                    out.write(api.fetch(HlsCheck.resolve(playlist, line)));
                }
            }
        }
        return file;
    }

    /** Of the second second: a sine crosses zero twice in each period. */
    private static double hertz(Path file, int track) throws IOException {
        short[] samples = Sound.samples(file, track);
        int crossings = 0;
        for (int at = 48_000; at < 96_000; at++) {
            if (samples[at - 1] < 0 != samples[at] < 0) {
                crossings++;
            }
        }
        return crossings / 2.0;
    }
}
