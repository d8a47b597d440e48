package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCodec;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.VideoCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** What a transcode makes and what it takes over, with the real ffmpeg. */
class TranscodeReuseTest {
    @TempDir
    static Path folder;

    private static RealMedia media;
    private static Path clip;

    @BeforeAll
    static void makeAClip() throws Exception {
        media = RealMedia.in(folder);
        clip = media.clip(
                "clip.mp4",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x240:rate=25:duration=16,noise=alls=12:allf=t:all_seed=7",
                "-f",
                "lavfi",
                "-i",
                "sine=sample_rate=48000:duration=16",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-g",
                "40",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac");
    }

    /** What everything else here leans on. */
    @ParameterizedTest
    @EnumSource(names = {"H264", "HEVC", "AV1"})
    void theBytesOfASizeDoNotDependOnTheOthers(VideoCodec codec) throws Exception {
        ObjectNode spec = spec(profile(codec, 240, 160, 96), "transcode/002");
        TranscodeTask task = TaskSpec.find(spec).orElseThrow();
        assertThat(task.renditions()).hasSize(3);
        FolderWorkspace together = new FolderWorkspace(folder, clip, spec);
        StepOutcome.Succeeded all = run(together);

        for (var rendition : task.renditions()) {
            TranscodeTask alone = task.of(task.chunk(), List.of(rendition), TranscodeTask.Sound.NONE);
            FolderWorkspace apart = new FolderWorkspace(folder, clip, TaskSpec.write(alone));
            Product one = run(apart).products().getFirst();
            Product same = all.products().stream()
                    .filter(product -> product.key().equals(one.key()))
                    .findFirst()
                    .orElseThrow();
            assertThat(same.result()).isEqualTo(one.result());
            assertThat(same.outputs()).hasSizeGreaterThan(1).isEqualTo(one.outputs());
            for (Output output : one.outputs()) {
                assertThat(together.file(output.path())).hasSameBinaryContentAs(apart.file(output.path()));
            }
        }
    }

    @Test
    void onlyASizeThatIsNewIsEncoded() throws Exception {
        StepOutcome.Succeeded before =
                run(new FolderWorkspace(folder, clip, spec(profile(VideoCodec.H264, 240, 96), "transcode/002")));
        ObjectNode spec = spec(profile(VideoCodec.H264, 240, 160, 96), "transcode/002");
        FolderWorkspace workspace = new FolderWorkspace(folder, clip, spec).knowing(before.products());

        StepOutcome.Succeeded after = run(workspace);

        assertThat(after.products()).extracting(Product::isReused).containsExactly(true, false, true);
        try (Stream<Path> made = Files.list(workspace.file("hls"))) {
            assertThat(made.map(path -> path.getFileName().toString())).containsExactly("160p");
        }
        StepOutcome.Succeeded everything = run(new FolderWorkspace(folder, clip, spec));
        assertThat(after.result()).as("told as if it had made all of it itself").isEqualTo(everything.result());
    }

    /** The source is not even there. */
    @Test
    void nothingRunsWhereNothingIsMissing() throws Exception {
        for (String step : List.of("transcode/000", "transcode/001", "audio")) {
            ObjectNode spec = spec(profile(VideoCodec.H264, 240, 96), step);
            StepOutcome.Succeeded before = run(new FolderWorkspace(folder, clip, spec));
            StepOutcome.Succeeded audio =
                    run(new FolderWorkspace(folder, clip, spec(profile(VideoCodec.H264, 240, 96), "audio")));
            FolderWorkspace workspace = new FolderWorkspace(folder, folder.resolve("gone.mp4"), spec)
                    .knowing(before.products())
                    .knowing(audio.products());

            StepOutcome.Succeeded after = run(workspace);

            assertThat(after.products()).isNotEmpty().allMatch(Product::isReused);
            assertThat(after.result().path("picture"))
                    .as(step)
                    .isEqualTo(before.result().path("picture"));
            if (!step.equals("transcode/001")) {
                assertThat(after.result().path("sound").path("whole").asBoolean(false))
                        .isTrue();
            }
            assertThat(after.outputs().stream().map(Output::path))
                    .as("what only this job has")
                    .isEqualTo(step.equals("transcode/000") ? List.of("early/master.m3u8") : List.of());
        }
    }

    /** The sound of an intro is made alone where its picture is known. */
    @Test
    void anIntroMakesTheSoundThatItLacks() throws Exception {
        ObjectNode spec = spec(profile(VideoCodec.H264, 240, 96), "transcode/000");
        FolderWorkspace first = new FolderWorkspace(folder, clip, spec);
        StepOutcome.Succeeded before = run(first);
        FolderWorkspace second = new FolderWorkspace(folder, clip, spec).knowing(before.products());

        StepOutcome.Succeeded after = run(second);

        assertThat(after.result()).isEqualTo(before.result());
        assertThat(after.products()).hasSize(1).allMatch(Product::isReused);
        assertThat(second.file("hls/audio/00001.m4s")).hasSameBinaryContentAs(first.file("hls/audio/00001.m4s"));
    }

    /** Of a damaged source two sets of sizes may have other segments; a player needs the same ones in all sizes. */
    @Test
    void whatDoesNotFitTogetherIsMadeAnew() throws Exception {
        StepOutcome.Succeeded before =
                run(new FolderWorkspace(folder, clip, spec(profile(VideoCodec.H264, 240, 96), "transcode/002")));
        Product large = before.products().getFirst();
        ObjectNode torn = (ObjectNode) large.result().deepCopy();
        ((ObjectNode) torn.path("pieces").path(0)).put("samples", 99);
        FolderWorkspace workspace = new FolderWorkspace(
                        folder, clip, spec(profile(VideoCodec.H264, 240, 160, 96), "transcode/002"))
                .knowing(List.of(Product.made(large.kind(), large.key(), torn, large.outputs(), large.common())));

        StepOutcome.Succeeded after = run(workspace);

        assertThat(after.products()).hasSize(3).noneMatch(Product::isReused);
    }

    private static StepOutcome.Succeeded run(FolderWorkspace workspace) throws Exception {
        StepOutcome outcome = new TranscodeStep(media.processes()).run(workspace);
        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        return (StepOutcome.Succeeded) outcome;
    }

    private static Profile profile(VideoCodec codec, Integer... sides) {
        Profile usual = Profile.usual(Profiles.DEFAULT, codec, AudioCodec.AAC);
        return new Profile(
                usual.name(),
                codec,
                usual.audio(),
                List.of(sides),
                usual.crf(),
                usual.preset(),
                usual.bitRatePercent(),
                usual.audioBitRate());
    }

    /** The specification of that step as it is planned. */
    private static ObjectNode spec(Profile profile, String step) throws Exception {
        return media.planned(clip, profile, step);
    }
}
