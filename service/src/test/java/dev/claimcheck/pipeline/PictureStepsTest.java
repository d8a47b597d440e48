package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.groups.Tuple;
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
                        Tuple.tuple("thumbnail", List.of("metadata")),
                        Tuple.tuple("subtitles", List.of("metadata")),
                        Tuple.tuple("storyboard", List.of("last chunk", "sound")),
                        Tuple.tuple("waveform", List.of("last chunk", "sound")));
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

    @Test
    void sheetsAreMadeAsSoonAsTheirStretchIsThere() {
        PictureSteps pictures = new PictureSteps(false);
        JsonNode spec = JsonMapper.shared().createObjectNode();
        SourceInfo source = source(true, false, "", false).withDuration(60);
        Map<String, Chunk> chunks = new LinkedHashMap<>();
        chunks.put("first", chunk(0, 25));
        chunks.put("second", chunk(25, 15));
        chunks.put("third", chunk(40, 8)); // The picture ends before the sound.

        List<PlannedStep> sheets = pictures.sheets(source, spec, chunks);

        assertThat(sheets)
                .extracting(PlannedStep::name, PlannedStep::needs)
                .containsExactly(
                        Tuple.tuple("storyboard/001", List.of("first")),
                        Tuple.tuple("storyboard/002", List.of("second", "third")));
        assertThat(sheets).extracting(step -> step.spec().path("sheet").asInt()).containsExactly(1, 2);
        assertThat(pictures.fromSegments(source, true, spec, List.of("third"), sheets))
                .last()
                .satisfies(
                        last -> assertThat(last.needs()).containsExactly("third", "storyboard/001", "storyboard/002"));
        assertThat(pictures.sheets(source(true, false, "", false), spec, Map.of("all", chunk(0, 10))))
                .isEmpty();
    }

    private static Chunk chunk(double start, double seconds) {
        Chunk.Segment segment = new Chunk.Segment(0, 0, start, seconds, 1);
        return new Chunk(1, List.of(segment), 0, OptionalLong.empty(), 1, -1, true, true);
    }

    private static List<PlannedStep> plan(boolean waveform, SourceInfo source) {
        PictureSteps pictures = new PictureSteps(waveform);
        JsonNode spec = JsonMapper.shared().createObjectNode();
        List<PlannedStep> steps = new ArrayList<>(pictures.fromSource(source, spec, "metadata"));
        boolean picture = source.video().isPresent();
        steps.addAll(pictures.fromSegments(source, picture, spec, List.of("last chunk", "sound"), List.of()));
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
