package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.Sound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The sound of a long video comes in three steps, each of which makes what the one before it has made, to the byte, and more. */
class EarlySoundTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"web", "web-av1"})
    void theSegmentsOfABeginningAreThoseOfTheWhole(String profileName) throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip(
                "long.mkv",
                "-f",
                "lavfi",
                "-i",
                "color=gray:size=64x64:rate=1:duration=320",
                "-f",
                "lavfi",
                "-i",
                "anoisesrc=duration=320:sample_rate=44100:amplitude=0.3:seed=7,tremolo=f=0.2",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-c:a",
                "aac");
        SourceInfo source = media.probe(clip);
        assertThat(AudioCommand.hasBeginning(source.durationSeconds())).isTrue();
        Profile profile = Profiles.builtIn().find(profileName).orElseThrow();

        Made intro = made(media, clip, source, profile, TranscodeTask.Sound.INTRO);
        Made beginning = made(media, clip, source, profile, TranscodeTask.Sound.BEGINNING);
        Made whole = made(media, clip, source, profile, TranscodeTask.Sound.WHOLE);

        assertThat(List.of(intro.seconds(), beginning.seconds(), whole.seconds()))
                .satisfiesExactly(
                        seconds -> assertThat(seconds).isBetween(8.0, 13.0),
                        seconds -> assertThat(seconds).isBetween(116.0, 121.0),
                        seconds -> assertThat(seconds).isBetween(319.9, 320.1));
        assertBegins(whole, beginning);
        assertBegins(beginning, intro);
        assertThat(read(whole, intro, beginning).pieces())
                .as("in any order")
                .isEqualTo(whole.sound().pieces());
        assertThat(read(beginning, intro).pieces()).isEqualTo(beginning.sound().pieces());
        assertThat(read(intro, beginning).pieces()).isEqualTo(beginning.sound().pieces());
    }

    private record Made(Sound sound, JsonNode result, FolderWorkspace workspace) {
        double seconds() {
            return sound.pieces().getLast().start() + sound.pieces().getLast().seconds();
        }
    }

    private static void assertBegins(Made longer, Made shorter) throws Exception {
        int count = shorter.sound().pieces().size();
        assertThat(longer.sound().whole() || longer.sound().pieces().size() > count)
                .isTrue();
        assertThat(longer.sound().pieces().subList(0, count))
                .isEqualTo(shorter.sound().pieces());
        assertThat(Files.readAllBytes(longer.workspace().file("hls/audio/init.mp4")))
                .isEqualTo(Files.readAllBytes(shorter.workspace().file("hls/audio/init.mp4")));
        for (int number = 1; number <= count; number++) {
            String file = "hls/audio/%05d.m4s".formatted(number);
            assertThat(Files.readAllBytes(longer.workspace().file(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(shorter.workspace().file(file)));
        }
    }

    private static Sound read(Made... inThisOrder) {
        return EarlyPlayback.read(Stream.of(inThisOrder).map(Made::result))
                .sound()
                .orElseThrow();
    }

    private Made made(RealMedia media, Path clip, SourceInfo source, Profile profile, TranscodeTask.Sound howMuch)
            throws Exception {
        TranscodeTask task = TranscodeTask.inOneGo(source, profile).of(Optional.empty(), List.of(), howMuch);
        FolderWorkspace workspace = new FolderWorkspace(folder, clip, TaskSpec.write(task));
        StepOutcome outcome = new TranscodeStep(media.processes()).run(workspace);
        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        JsonNode result = ((StepOutcome.Succeeded) outcome).result();
        Sound sound = JsonMapper.shared().treeToValue(result.path("sound"), Sound.class);
        return new Made(sound, result, workspace);
    }
}
