package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PictureStepsTest {
    private static final VideoStream PICTURE =
            new VideoStream(0, "h264", 1920, 1080, 1920, 1080, 0, 30, 0, "yuv420p", "progressive", "", "", "", "", 0);

    @Test
    void aVideoWithEverythingGetsEverythingAllOptionalInTheThumbnailsQueue() {
        List<PlannedStep> steps = plan(true, source(true, true, "subrip", false));

        assertThat(steps)
                .extracting(PlannedStep::name, PlannedStep::needs)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("thumbnail", List.of("metadata")),
                        org.assertj.core.groups.Tuple.tuple("subtitles", List.of("metadata")),
                        org.assertj.core.groups.Tuple.tuple("storyboard", List.of("last chunk", "sound")),
                        org.assertj.core.groups.Tuple.tuple("waveform", List.of("last chunk", "sound")));
        assertThat(steps).allSatisfy(step -> {
            assertThat(step.required()).isFalse();
            assertThat(step.queue()).isEqualTo(QueueName.THUMBNAILS);
            assertThat(step.kind()).isEqualTo(step.name());
        });
    }

    @Test
    void aWaveformIsMadeOnlyWhereItIsAskedForAndThereIsSound() {
        assertThat(names(plan(false, source(true, true, "subrip", false)))).doesNotContain("waveform");
        assertThat(names(plan(true, source(true, false, "subrip", false)))).doesNotContain("waveform");
    }

    @Test
    void subtitlesThatArePicturesAreNotRead() {
        assertThat(names(plan(false, source(true, true, "hdmv_pgs_subtitle", false))))
                .containsExactly("thumbnail", "storyboard");
    }

    @Test
    void aSoundHasAPosterOnlyWithACover() {
        assertThat(names(plan(false, source(false, true, "", true)))).containsExactly("thumbnail");
        assertThat(names(plan(false, source(false, true, "", false)))).isEmpty();
    }

    private static List<PlannedStep> plan(boolean waveform, SourceInfo source) {
        PictureSteps pictures = new PictureSteps(waveform);
        JsonNode spec = JsonMapper.shared().createObjectNode();
        List<PlannedStep> steps = new ArrayList<>(pictures.fromSource(source, spec, "metadata"));
        boolean picture = source.video().isPresent();
        steps.addAll(pictures.fromSegments(source, picture, spec, List.of("last chunk", "sound")));
        return steps;
    }

    private static List<String> names(List<PlannedStep> steps) {
        return steps.stream().map(PlannedStep::name).toList();
    }

    private static SourceInfo source(boolean picture, boolean sound, String subtitles, boolean cover) {
        return new SourceInfo(
                "mov",
                "mov",
                10,
                1,
                1,
                Optional.of(PICTURE).filter(_ -> picture),
                sound ? List.of(new AudioStream(1, "aac", 2, "stereo", 48_000, 0, "")) : List.of(),
                sound ? 1 : 0,
                subtitles.isEmpty()
                        ? List.of()
                        : List.of(new SubtitleStream(2, subtitles, "eng", "", false, false, false)),
                Optional.of(PICTURE).filter(_ -> cover));
    }
}
