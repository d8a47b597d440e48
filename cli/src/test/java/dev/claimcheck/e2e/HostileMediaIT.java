package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Files made to show what the service can read, or to eat what it has. The sandbox is off: the list of demuxers and protocols must hold alone.
 */
class HostileMediaIT {
    private static final String SECRET = "This line belongs to the house alone.";
    private static Path secret;
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() throws IOException {
        secret = Files.writeString(Clip.WORK.resolve("secret.txt"), SECRET.repeat(100));
        server = Server.start(Map.of(
                "CLAIMCHECK_MEDIA_SANDBOX", "off",
                "CLAIMCHECK_MEDIA_MAX_MEMORY", "1GiB",
                "CLAIMCHECK_RETRY_BASE_DELAY", "50ms",
                "CLAIMCHECK_RETRY_MAX_RETRIES", "1"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    static Stream<Arguments> pointers() {
        Path file = Clip.WORK.resolve("secret.txt");
        List<Arguments> all = new ArrayList<>();
        Map<String, String> scripts = Map.of(
                "HLS", "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile://" + file + "\n#EXT-X-ENDLIST\n",
                "HLS by concat",
                        "#EXTM3U\n#EXTINF:10.0,\nconcat:http://127.0.0.1:9/x|file://" + file + "\n#EXT-X-ENDLIST\n",
                "HLS by subfile", "#EXTM3U\n#EXTINF:10.0,\nsubfile,,start,0,end,64,,:" + file + "\n#EXT-X-ENDLIST\n",
                "concat", "ffconcat version 1.0\nfile '" + file + "'\n",
                "DASH",
                        "<?xml version=\"1.0\"?><MPD><Period><AdaptationSet><BaseURL>file://" + file
                                + "</BaseURL></AdaptationSet></Period></MPD>",
                "ASX", "<asx version=\"3.0\"><entry><ref href=\"file://" + file + "\"/></entry></asx>",
                "ASF redirection", "[Reference]\nRef1=file://" + file + "\n",
                "SDP",
                        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
                "SMIL", "<smil><body><video src=\"file://" + file + "\"/></body></smil>",
                "SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file://" + file + "\"/></svg>");
        Map<String, byte[]> disguises = Map.ofEntries(
                Map.entry("", new byte[0]),
                Map.entry(" after a byte order mark", new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}),
                Map.entry(" as a GIF", "GIF89a".getBytes(UTF_8)),
                Map.entry(" after an ID3 tag", "ID3\3\0\0\0\0\0\0".getBytes(ISO_8859_1)),
                Map.entry(" as an Ogg", "OggS".getBytes(UTF_8)),
                Map.entry(" as an FLV", "FLV\1\5\0\0\0\t\0\0\0\0".getBytes(ISO_8859_1)),
                Map.entry(" as an AVI", "RIFF\0\20\0\0AVI LIST".getBytes(ISO_8859_1)),
                Map.entry(" as an MP4", "\0\0\0\20ftypisom\0\0\0\0".getBytes(ISO_8859_1)),
                Map.entry(" as an SWF", "FWS\6".getBytes(ISO_8859_1)));
        scripts.forEach((name, text) -> disguises.forEach((disguise, head) -> {
            // Each script bare, and the one that has hurt most in every disguise.
            if (disguise.isEmpty() || name.equals("HLS")) {
                all.add(Arguments.of(name + disguise, joined(head, text.getBytes(UTF_8))));
            }
        }));
        all.add(Arguments.of("HLS in transport packets", inTransportPackets(scripts.getOrDefault("HLS", ""))));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pointers")
    void whatOnlyPointsToAFileBringsNothingOfIt(String name, byte[] file) throws IOException {
        JsonNode end = end(Clip.bytes("pointer", file));

        assertThat(end.path("status").asString("")).as(end::toPrettyString).isEqualTo("FAILED");
        assertThat(end.path("error").path("code").asString("")).isNotEqualTo("internal_trouble");
        assertNothingLeaked(end);
    }

    /** An "alias" in the place of the frames, as QuickTime once had it. */
    @Test
    void anMp4WhoseFramesLieInAnotherFileBringsNothingOfIt() throws IOException {
        Path other = Clip.mp4(1, "320x180");
        Path hollow = Clip.bytes("hollow.mov", ExternalFrames.of(Files.readAllBytes(other), other));
        Path proof = Clip.WORK.resolve("proof.mp4");
        Clip.ffmpeg(List.of(
                "-enable_drefs", "1", "-use_absolute_path", "1", "-i", hollow.toString(), "-an", proof.toString()));
        assertThat(proof)
                .as("an ffmpeg that is allowed to reads the other file")
                .isNotEmptyFile();

        JsonNode end = end(hollow);

        assertThat(end.path("status").asString("")).as(end::toPrettyString).isEqualTo("FAILED");
    }

    /** Subtitles in an AVI are a file in the file, whose demuxer is guessed anew: a playlist there has read files through other services. */
    @Test
    void aPlaylistInTheSubtitlesOfAnAviBringsNothingOfTheFile() throws IOException {
        byte[] avi = Files.readAllBytes(Clip.odd(
                "subtitled.avi",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=duration=1:size=64x48:rate=10",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=duration=1"),
                List.of("-c:v", "mpeg4", "-c:a", "pcm_s16le")));
        byte[] playlist = ("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\nfile://" + secret + "\n#EXT-X-ENDLIST\n")
                .getBytes(UTF_8);
        byte[] payload = ByteBuffer.allocate(23 + playlist.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GAB2\0".getBytes(UTF_8))
                .putShort((short) 2)
                .putInt(4)
                .put("a\0\0\0".getBytes(UTF_8))
                .putShort((short) 4)
                .putInt(playlist.length)
                .put(playlist)
                .array();
        // What was the sound is declared a subtitle, and its first packet becomes one.
        String text = new String(avi, ISO_8859_1).replaceFirst("auds", "txts").replace("01wb", "01tx");
        byte[] hostile = text.getBytes(ISO_8859_1);
        System.arraycopy(payload, 0, hostile, text.indexOf("01tx", text.indexOf("movi")) + 8, payload.length);
        Path file = Clip.bytes("gab2.avi", hostile);
        assertThat(Clip.ffprobe(List.of("-loglevel", "warning", file.toString())))
                .as("the playlist is looked at")
                .contains("m3u8");

        JsonNode end = end(file);

        assertThat(end.path("error").path("code").asString("")).isNotEqualTo("internal_trouble");
        assertNothingLeaked(end);
    }

    @Test
    void attachmentsAndTagsStayWhereTheyAre() throws IOException {
        Path file = Clip.WORK.resolve("attached.mkv");
        Clip.ffmpeg(List.of(
                "-i",
                Clip.mp4(1, "320x180").toString(),
                "-c",
                "copy",
                "-attach",
                secret.toString(),
                "-metadata:s:t",
                "mimetype=text/plain",
                "-metadata",
                "title=" + SECRET,
                file.toString()));

        JsonNode end = end(file);

        assertThat(end.path("status").asString("")).as(end::toPrettyString).isEqualTo("COMPLETED");
        assertNothingLeaked(end);
    }

    @ParameterizedTest
    @ValueSource(ints = {10_000, 65_535})
    void aHugePictureIsRefusedBeforeItIsDecoded(int side) throws IOException {
        byte[] gif = Files.readAllBytes(
                Clip.odd("g.gif", List.of("-f", "lavfi", "-i", "testsrc2=duration=1:size=64x48:rate=5"), List.of()));
        ByteBuffer.wrap(gif)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) side)
                .putShort(8, (short) side);

        JsonNode end = end(Clip.bytes("bomb.gif", gif));

        assertThat(end.path("error").path("code").asString(""))
                .as(end::toPrettyString)
                .isEqualTo("too_many_pixels");
        assertThat(end.path("retry_allowed").asBoolean(true)).isFalse();
    }

    @Test
    void aCrowdOfTracksIsRefused() {
        Path file = Clip.WORK.resolve("crowd.mkv");
        List<String> arguments = new ArrayList<>(List.of("-f", "lavfi", "-i", "sine=duration=0.1"));
        IntStream.range(0, 101).forEach(_ -> arguments.addAll(List.of("-map", "0:a")));
        arguments.addAll(List.of("-c:a", "pcm_s16le", file.toString()));
        Clip.ffmpeg(arguments);

        assertThat(end(file).path("error").path("code").asString("")).isEqualTo("too_many_streams");
    }

    @Test
    void twentyMegabytesOfTagsAreNotSwallowed() throws IOException {
        Path tags = Files.writeString(
                Clip.WORK.resolve("tags.txt"),
                ";FFMETADATA1\n" + String.join("\n", Collections.nCopies(20, ""))
                        + IntStream.range(0, 20)
                                .mapToObj(number -> "tag" + number + "=" + "x".repeat(1_000_000))
                                .collect(java.util.stream.Collectors.joining("\n")));
        Path file = Clip.WORK.resolve("tags.mkv");
        Clip.ffmpeg(List.of(
                "-i",
                Clip.mp4(1, "320x180").toString(),
                "-f",
                "ffmetadata",
                "-i",
                tags.toString(),
                "-map_metadata",
                "1",
                "-c",
                "copy",
                file.toString()));
        assertThat(file).satisfies(one -> assertThat(Files.size(one)).isGreaterThan(16 << 20));

        assertThat(end(file).path("error").path("code").asString("")).isEqualTo("too_demanding");
    }

    private static JsonNode end(Path file) {
        Api.Answer answer = api.upload(file, "holiday.mp4");
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(202);
        return api.watch(answer.text("job_id"), Duration.ofSeconds(60), Api::hasEnded)
                .getLast();
    }

    private static void assertNothingLeaked(JsonNode end) throws IOException {
        assertThat(end.toString()).doesNotContain(SECRET);
        assertThat(api.get("/videos/jobs/" + end.path("job_id").asString(""))
                        .body()
                        .toString())
                .doesNotContain(SECRET);
        Path results = server.data().resolve("objects").resolve("jobs");
        if (Files.exists(results)) {
            try (Stream<Path> tree = Files.walk(results)) {
                for (Path output : tree.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(output, ISO_8859_1))
                            .as(output.toString())
                            .doesNotContain(SECRET);
                }
            }
        }
    }

    private static byte[] joined(byte[] head, byte[] rest) {
        return ByteBuffer.allocate(head.length + rest.length)
                .put(head)
                .put(rest)
                .array();
    }

    private static byte[] inTransportPackets(String text) {
        ByteBuffer packets = ByteBuffer.allocate(188 * 20);
        for (int packet = 0; packet < 20; packet++) {
            packets.put(packet * 188, new byte[] {0x47, 0x40, (byte) packet, 0x10});
            byte[] payload = Arrays.copyOf(text.getBytes(UTF_8), 184);
            packets.put(packet * 188 + 4, payload);
        }
        return packets.array();
    }
}
