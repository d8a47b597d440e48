package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.VideoStream;
import dev.claimcheck.media.Timeline;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.UsualSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** In which order the steps of a source that is cut are taken. */
class ChunkedStepsTest {
    private static final Profile WEB = Profiles.builtIn().find("web").orElseThrow();

    /** Whoever ends last decides when the job ends: the twelve seconds of the intro must not be that. */
    @Test
    void theRestOfTheIntroComesBeforeTheShortChunksAtTheEnd() {
        assertThat(transcodes(140, 720))
                .containsExactly(
                        "1 in 1", "2 in 1", "2 in 3", "3 in 3", "4 in 3", "5 in 3", "6 in 3", "2 in 2", "1 in 2",
                        "4 in 3", "3 in 3", "2 in 3", "1 in 3", "1 in 3", "1 in 3");
    }

    @Test
    void ofAShortSourceItComesLast() {
        assertThat(transcodes(20, 720)).containsExactly("1 in 1", "2 in 1", "1 in 3", "1 in 3", "2 in 2", "1 in 2");
    }

    @Test
    void aSourceOfOneSizeHasAllOfItsIntro() {
        assertThat(transcodes(20, 240)).containsExactly("1 in 1", "2 in 1", "1 in 1", "1 in 1");
    }

    /** Segments, and in how many sizes, of each transcode. */
    private static List<String> transcodes(int seconds, int height) {
        VideoStream video = UsualSource.video(height * 16 / 9, height);
        SourceInfo source = new SourceInfo(
                "mov", "mov", seconds, 1, 1, Optional.of(video), List.of(), 0, List.of(), Optional.empty());
        Timeline timeline = UsualSource.timeline(seconds, 50);
        List<Chunk> chunks = ChunkPlan.chunks(timeline, WEB.video());
        Wish wish = Wish.of(source, WEB, JobOptions.NONE).orElseThrow();
        List<PlannedStep> steps = new ChunkedSteps(wish, new PictureSteps(false), timeline).all(chunks);
        return steps.stream()
                .filter(step -> step.kind().equals(PipelinePlanner.TRANSCODE))
                .map(step -> TaskSpec.find(step.spec()).orElseThrow())
                .map(ChunkedStepsTest::text)
                .toList();
    }

    private static String text(TranscodeTask task) {
        return task.chunk().orElseThrow().segments().size() + " in "
                + task.renditions().size();
    }
}
