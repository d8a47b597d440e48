package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.PackageCommand;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import dev.claimcheck.media.Storyboard;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.Waveform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ProductKeysTest {
    private static final Profile WEB = Profiles.builtIn().find("web").orElseThrow();
    private static final Rendition LARGE = new Rendition("360p", 640, 360, 900_000);
    private static final Rendition SMALL = new Rendition("240p", 426, 240, 500_000);
    private static final ProductKeys KEYS = new ProductKeys("8.1.2 BUNDLED");

    @Test
    void aSizeIsTheSameWhateverIsMadeWithIt() {
        TranscodeTask both = task(WEB, 20, chunk(4), List.of(LARGE, SMALL), TranscodeTask.Sound.NONE);
        TranscodeTask alone = task(WEB, 20, chunk(4), List.of(SMALL), TranscodeTask.Sound.WHOLE);

        assertThat(KEYS.rendition(both, SMALL)).isEqualTo(KEYS.rendition(alone, SMALL));
    }

    @Test
    void everythingThatDecidesTheBytesIsInTheKey() {
        TranscodeTask task = task(WEB, 20, chunk(4), List.of(LARGE, SMALL), TranscodeTask.Sound.NONE);
        Profile other = new Profile(
                "web",
                WEB.video(),
                WEB.audio(),
                List.of(),
                WEB.crf() + 1,
                WEB.preset(),
                WEB.bitRatePercent(),
                WEB.audioBitRate());

        assertThat(List.of(
                        KEYS.rendition(task, SMALL),
                        KEYS.rendition(task, LARGE),
                        KEYS.rendition(task, new Rendition("240p", 426, 240, 600_000)),
                        new ProductKeys("8.1.3 BUNDLED").rendition(task, SMALL),
                        KEYS.rendition(task(other, 20, chunk(4), List.of(), TranscodeTask.Sound.NONE), SMALL),
                        KEYS.rendition(task(WEB, 20, chunk(8), List.of(), TranscodeTask.Sound.NONE), SMALL),
                        KEYS.rendition(task(WEB, 20, Optional.empty(), List.of(), TranscodeTask.Sound.NONE), SMALL),
                        KEYS.rendition(marked(task, new UUID(1, 1)), SMALL),
                        KEYS.rendition(marked(task, new UUID(1, 2)), SMALL),
                        KEYS.sound(task),
                        KEYS.sound(task.from(1))))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsMadeOfSegmentsIsNamedByTheirObjects() {
        Storyboard storyboard = Storyboard.of(video(), 20);
        List<Output> segments = List.of(output("jobs/a/1-1/x"), output("jobs/a/1-1/y"));
        List<Output> others = List.of(output("jobs/b/1-1/x"), output("jobs/b/1-1/y"));

        Storyboard.Sheet sheet = storyboard.sheets().getFirst();
        Storyboard shorter = Storyboard.of(video(), 19);
        assertThat(KEYS.sheet(storyboard, sheet, segments))
                .isEqualTo(KEYS.sheet(Storyboard.of(video(), 20), sheet, List.copyOf(segments)))
                .isNotEqualTo(KEYS.sheet(storyboard, sheet, others))
                .isNotEqualTo(KEYS.sheet(storyboard, sheet, segments.reversed()))
                .isNotEqualTo(KEYS.sheet(shorter, shorter.sheets().getFirst(), segments));
        assertThat(KEYS.waveform(Waveform.of(20), segments)).isNotEqualTo(KEYS.waveform(Waveform.of(20), others));
        PackageCommand.Tracks tracks = named("English");
        assertThat(KEYS.download("download.mp4", tracks, List.of(segments, others)))
                .isEqualTo(KEYS.download("download.mp4", named("English"), List.of(segments, others)))
                .isNotEqualTo(KEYS.download("download.mp4", tracks, List.of(others, segments)))
                .as("a track's name is in the file")
                .isNotEqualTo(KEYS.download("download.mp4", named("Deutsch"), List.of(segments, others)));
    }

    @Test
    void onlyWhatIsMissingIsMade() {
        TranscodeTask task = task(WEB, 20, chunk(4), List.of(LARGE, SMALL), TranscodeTask.Sound.NONE);
        TranscodeProducts products = new TranscodeProducts(task, KEYS);
        Product small = product(products.key(SMALL));
        Product large = product(products.key(LARGE));

        assertThat(products.missing(Map.of())).contains(task);
        assertThat(products.missing(Map.of(small.key(), small)))
                .contains(task.of(task.chunk(), List.of(LARGE), TranscodeTask.Sound.NONE));
        assertThat(products.missing(Map.of(small.key(), small, large.key(), large)))
                .isEmpty();
    }

    /** The beginning of the sound is not made where all of it is known, nor does it stand for all of it. */
    @Test
    void anIntroTakesTheWholeSound() {
        TranscodeTask audio = task(WEB, 20, Optional.empty(), List.of(), TranscodeTask.Sound.WHOLE);
        TranscodeTask intro = task(WEB, 20, chunk(0), List.of(SMALL), TranscodeTask.Sound.INTRO);
        Product sound = product(new TranscodeProducts(audio, KEYS).wholeSound().orElseThrow());
        TranscodeProducts products = new TranscodeProducts(intro, KEYS);

        assertThat(products.missing(Map.of(sound.key(), sound)).orElseThrow().sound())
                .isEqualTo(TranscodeTask.Sound.NONE);
        assertThat(products.wholeSound()).isEmpty();
    }

    @Test
    void aPlanIsChargedForWhatWillBeDone() {
        TranscodeTask task = task(WEB, 20, chunk(4), List.of(LARGE, SMALL), TranscodeTask.Sound.NONE);
        PlannedStep transcode =
                PipelinePlanner.transcode("transcode/002", "transcode", "metadata", task, TaskSpec.write(task));
        PlannedStep other = new PlannedStep(
                "package",
                "package",
                QueueName.METADATA,
                true,
                List.of(),
                7,
                JsonMapper.shared().createObjectNode());
        PlanDiscount discount = new PlanDiscount(List.of(transcode, other), KEYS);
        TranscodeProducts products = new TranscodeProducts(task, KEYS);
        List<Product> all = List.of(product(products.key(SMALL)), product(products.key(LARGE)));

        assertThat(discount.keys()).containsExactlyInAnyOrderElementsOf(products.keys());
        assertThat(costs(discount, List.of())).containsExactly(transcode.cost(), 7.0);
        assertThat(costs(discount, all)).containsExactly(StepCost.LIGHT, 7.0);
        assertThat(costs(discount, all.subList(0, 1)).getFirst())
                .isLessThan(transcode.cost())
                .isGreaterThan(StepCost.LIGHT);
    }

    private static List<Double> costs(PlanDiscount discount, List<Product> known) {
        Map<Digest, Product> byKey = known.stream().collect(Collectors.toMap(Product::key, Function.identity()));
        return discount.without(byKey).stream().map(PlannedStep::cost).toList();
    }

    private static Product product(ProductKey key) {
        return new Product(
                key.kind(),
                key.digest(),
                JsonMapper.shared().createObjectNode(),
                List.of(),
                Optional.empty(),
                Optional.of(JobId.create(Instant.EPOCH)));
    }

    private static Output output(String key) {
        return new Output("path", key, "video/mp4", 1);
    }

    private static TranscodeTask marked(TranscodeTask task, UUID watermark) {
        return new TranscodeTask(
                task.source(),
                task.profile(),
                task.chunk(),
                task.renditions(),
                task.sound(),
                task.originSeconds(),
                task.clipSeconds(),
                Optional.of(new WatermarkPlacement(
                        watermark, WatermarkPlacement.USUAL_POSITION, 12, WatermarkPlacement.USUAL_OPACITY)));
    }

    private static PackageCommand.Tracks named(String name) {
        return new PackageCommand.Tracks(Optional.of("v.mp4"), List.of(new PackageCommand.Sound("a.mp4", "en", name)));
    }

    private static Optional<Chunk> chunk(int start) {
        List<Chunk.Segment> segments = new ArrayList<>();
        segments.add(new Chunk.Segment(start * 1000L, start * 1_000_000L, start, 4, 100));
        return Optional.of(new Chunk(
                start / 4 + 1, segments, 0, OptionalLong.empty(), (start + 4) * 1000L, start - 2, start == 0, false));
    }

    private static TranscodeTask task(
            Profile profile,
            double seconds,
            Optional<Chunk> chunk,
            List<Rendition> renditions,
            TranscodeTask.Sound sound) {
        SourceInfo source = new SourceInfo(
                "mov",
                "mov,mp4",
                seconds,
                1000,
                800,
                Optional.of(video()),
                List.of(new AudioStream(1, "aac", 2, "stereo", 44_100, 128_000, "")),
                1,
                List.of(),
                Optional.empty());
        return new TranscodeTask(
                source, profile, chunk, renditions, sound, 0, OptionalDouble.empty(), Optional.empty());
    }

    private static VideoStream video() {
        return new VideoStream(
                0, "h264", 640, 360, 640, 360, 0, 25, 0, "yuv420p", "progressive", "", "", "", "", 800_000);
    }
}
