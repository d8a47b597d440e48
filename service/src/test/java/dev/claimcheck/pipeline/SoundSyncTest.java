package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeTask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Where a click is heard in what players get, against where it is in the source: in the download and in the HLS track, each decoded by ffmpeg. The source has a click of 2 ms in the middle of each second.
 */
class SoundSyncTest {
    /** Measured: below 1 ms. A packet of AAC is 21 ms long. */
    private static final double MOST = 0.002;

    @TempDir
    static Path folder;

    private static RealMedia media;

    @BeforeAll
    static void locate() {
        media = RealMedia.in(folder);
    }

    @ParameterizedTest(name = "{0}, {1} Hz, made as {2}")
    @CsvSource(textBlock = """
            aac -f mp4,             44100, web
            aac -f mp4,             48000, web
            aac -f matroska,        44100, web
            aac -f mpegts,          48000, web
            libopus -f matroska,    48000, web
            libopus -f mp4,         48000, web-av1
            pcm_s16le -f mov,       44100, web
            pcm_s16le -f mov,       48000, web-av1
            libmp3lame -f matroska, 44100, web-av1
            """)
    void clicksAreHeardWhereTheyAre(String codec, int rate, String profile) throws Exception {
        Path clip = clip(6, codec, rate);

        FolderWorkspace made = processed(clip, profile, SoundSyncTest::small);

        assertInTime(clip, made, 6);
    }

    @Test
    void alsoAfterTenMinutes() throws Exception {
        Path clip = clip(600, "aac -f mp4", 44_100);

        FolderWorkspace made = processed(clip, "web", SoundSyncTest::small);

        assertInTime(clip, made, 600);
    }

    private static TranscodeTask small(TranscodeTask task) {
        return task.of(
                task.chunk(),
                task.renditions()
                        .subList(task.renditions().size() - 1, task.renditions().size()),
                task.sound());
    }

    private static void assertInTime(Path clip, FolderWorkspace made, int seconds) throws Exception {
        List<Double> there = clicks(clip);
        assertThat(there).hasSize(seconds);
        List<Double> inHls = clicks(joined(made));
        List<Double> inDownload = clicks(made.file("download.mp4"));
        assertThat(inHls).hasSize(seconds);
        assertThat(inDownload).hasSize(seconds);
        for (int click = 0; click < seconds; click++) {
            assertThat(inHls.get(click)).as("click %d in HLS", click).isCloseTo(there.get(click), within(MOST));
            assertThat(inDownload.get(click))
                    .as("click %d in the download", click)
                    .isCloseTo(there.get(click), within(MOST));
        }
    }

    /** Transcoded in one go and packaged, as a job does. */
    private static FolderWorkspace processed(
            Path clip, String profileName, java.util.function.UnaryOperator<TranscodeTask> change) throws Exception {
        SourceInfo source = media.probe(clip);
        Profile profile = Profiles.builtIn().find(profileName).orElseThrow();
        TranscodeTask task = change.apply(TranscodeTask.inOneGo(source, profile));
        FolderWorkspace transcode = new FolderWorkspace(folder, clip, TaskSpec.write(task));
        JsonNode result = succeeded(new TranscodeStep(media.processes()).run(transcode));
        FolderWorkspace pack = transcode.next(SourceSpec.write(source)).withResult("transcode/000", result);
        succeeded(new PackageStep(media.processes()).run(pack));
        return pack;
    }

    private static JsonNode succeeded(StepOutcome outcome) {
        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        return ((StepOutcome.Succeeded) outcome).result();
    }

    private static Path joined(FolderWorkspace made) throws Exception {
        Path file = Files.createTempFile(folder, "joined", ".mp4");
        try (var out = Files.newOutputStream(file);
                Stream<Path> files = Files.list(made.file("hls/audio"))) {
            Files.copy(made.file("hls/audio/init.mp4"), out);
            for (Path segment : files.filter(one -> one.toString().endsWith(".m4s"))
                    .sorted()
                    .toList()) {
                Files.copy(segment, out);
            }
        }
        return file;
    }

    private static Path clip(int seconds, String codec, int rate) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-f",
                "lavfi",
                "-i",
                "color=gray:size=64x64:rate=10:duration=" + seconds,
                "-f",
                "lavfi",
                "-i",
                "aevalsrc=exprs='if(between(mod(t\\,1)\\,0.5\\,0.502)\\,0.9*sin(12566*t)\\,0)':sample_rate=" + rate
                        + ":duration=" + seconds,
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-c:a"));
        arguments.addAll(List.of(codec.split(" +")));
        Path file = Files.createTempFile(folder, "clicks", ".media");
        return media.clip(file.getFileName().toString(), arguments.toArray(String[]::new));
    }

    /** Seconds from the first picture, or without one from the file's zero, at which each click is loudest. */
    private static List<Double> clicks(Path file) throws Exception {
        double start = start(file);
        Path raw = media.clip(
                "heard.raw",
                "-i",
                file.toString(),
                "-map",
                "0:a:0",
                "-af",
                "aresample=48000:async=1:first_pts=0",
                "-ac",
                "1",
                "-f",
                "s16le");
        var samples = ByteBuffer.wrap(Files.readAllBytes(raw))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer();
        List<Double> found = new ArrayList<>();
        for (int second = 0; (second + 1) * 48_000 <= samples.limit() + 12_000; second++) {
            double sum = 0;
            double moment = 0;
            for (int at = second * 48_000; at < Math.min((second + 1) * 48_000, samples.limit()); at++) {
                double energy = (double) samples.get(at) * samples.get(at);
                sum += energy;
                moment += energy * at;
            }
            assertThat(sum).as("second %d of %s", second, file.getFileName()).isPositive();
            found.add(moment / sum / 48_000 - start);
        }
        return found;
    }

    /** ffmpeg moves what it decodes so that the earliest stream starts at 0; this is where the picture starts then. */
    private static double start(Path file) throws Exception {
        JsonNode streams = media.describe(file).path("streams");
        double earliest = streams.valueStream()
                .mapToDouble(
                        stream -> Double.parseDouble(stream.path("start_time").asString("0")))
                .min()
                .orElse(0);
        return streams.valueStream()
                .filter(stream -> stream.path("codec_type").asString("").equals("video"))
                .mapToDouble(
                        stream -> Double.parseDouble(stream.path("start_time").asString("0")) - earliest)
                .findFirst()
                .orElse(0);
    }
}
