package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCodec;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.VideoCodec;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A chunk whose encoder keeps no cap, with the real ffmpeg. */
class BitRateCapTest {
    @TempDir
    Path folder;

    @Test
    void whatIsTooLargeIsMadeAgainAndWhatIsNotIsLeft() throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip(
                "clip.mp4",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x240:rate=25:duration=16,noise=alls=30:allf=t:all_seed=7",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-crf",
                "10",
                "-g",
                "40",
                "-pix_fmt",
                "yuv420p");

        List<Made> wide = made(media, clip, 400);
        List<Made> narrow = made(media, clip, 15);

        assertThat(wide).allMatch(size -> size.fullest() < 1);
        assertThat(narrow.getFirst().fullest()).isBetween(0.3, 1.0);
        assertThat(wide.getFirst().bytes())
                .as("under the narrow cap it would have been too large")
                .isGreaterThan(
                        (long) (narrow.getFirst().bytes() / narrow.getFirst().fullest()));
        assertThat(narrow.getLast().bytes())
                .as("under both caps")
                .isEqualTo(wide.getLast().bytes());
    }

    /** A size: how much its fullest segment holds of what it may, and all its bytes. */
    private record Made(double fullest, long bytes) {}

    private static List<Made> made(RealMedia media, Path clip, int bitRatePercent) throws Exception {
        Profile usual = Profile.usual(Profiles.DEFAULT, VideoCodec.AV1, AudioCodec.OPUS);
        Profile profile = new Profile(
                usual.name(),
                usual.video(),
                usual.audio(),
                List.of(240, 64),
                usual.crf(),
                usual.preset(),
                bitRatePercent,
                usual.audioBitRate());
        ObjectNode spec = media.planned(clip, profile, "transcode/002");
        TranscodeTask task = TaskSpec.find(spec).orElseThrow();
        StepOutcome outcome = new TranscodeStep(media.processes()).run(new FolderWorkspace(media.folder(), clip, spec));
        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        List<Made> sizes = new ArrayList<>();
        for (Product product : ((StepOutcome.Succeeded) outcome).products()) {
            Picture picture = JsonMapper.shared().treeToValue(product.result(), Picture.class);
            Picture.Track track = picture.renditions().getFirst();
            sizes.add(made(task.renditions().get(sizes.size()), picture.pieces(), track.bytes()));
        }
        return sizes;
    }

    private static Made made(Rendition rendition, List<Piece> pieces, List<Long> bytes) {
        double fullest = 0;
        for (int index = 0; index < bytes.size(); index++) {
            double allowed = rendition.maxBitRate() * (pieces.get(index).seconds() + 2);
            fullest = Math.max(fullest, bytes.get(index) * 8 / allowed);
        }
        return new Made(fullest, bytes.stream().mapToLong(Long::longValue).sum());
    }
}
