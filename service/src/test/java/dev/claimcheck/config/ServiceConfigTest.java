package dev.claimcheck.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.media.AudioCodec;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.VideoCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceConfigTest {
    @TempDir
    Path folder;

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
        Path file = Files.writeString(
                folder.resolve("claimcheck.yaml"), "port: 1\nhost: file\nlease:\n  duration: 30s\nroles: [api]\n");

        ServiceConfig config = ServiceConfig.load(
                Map.of("port", "3"),
                Map.of("CLAIMCHECK_PORT", "2", "CLAIMCHECK_HOST", "environment"),
                Optional.of(file));

        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.http().host()).isEqualTo("environment");
        assertThat(config.lease().duration()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.roles()).containsExactly(ServiceConfig.Role.API);
        assertThat(config.upload().maxSize()).isEqualTo(new ByteSize(50L << 30));
    }

    @Test
    void reportsEveryProblemAtOnceWithAnExampleAndWithoutSecrets() {
        Map<String, String> environment = Map.of(
                "CLAIMCHECK_PORT",
                "many",
                "CLAIMCHECK_DATABASE_URL",
                "mysql://root:hunter2@x",
                "CLAIMCHECK_UPLOAD_MAX_SIZE",
                "big");

        assertThatThrownBy(() -> ServiceConfig.load(Map.of("lease.renw_every", "1s"), environment, Optional.empty()))
                .isInstanceOfSatisfying(
                        ConfigProblems.class,
                        problems -> assertThat(problems.problems()).hasSize(4))
                .hasMessageContaining(
                        "port (CLAIMCHECK_PORT): 'many' is not a whole number from 0 to 65535; example: 8080")
                .hasMessageContaining("did you mean lease.renew_every?")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aBucketIsReadWhole() {
        ServiceConfig config = ServiceConfig.load(
                Map.of("s3.prefix", "some/where", "s3.sse", "aws:kms"),
                Map.of(
                        "CLAIMCHECK_S3_BUCKET",
                        "videos",
                        "CLAIMCHECK_S3_ENDPOINT",
                        "http://127.0.0.1:9000",
                        "CLAIMCHECK_S3_ACCESS_KEY_ID",
                        "id",
                        "CLAIMCHECK_S3_SECRET_ACCESS_KEY",
                        "hunter2"),
                Optional.empty());

        ServiceConfig.S3 s3 = config.storage().s3().orElseThrow();
        assertThat(s3.pathStyle()).as("an endpoint of one's own").isTrue();
        assertThat(s3.prefix()).isEqualTo("some/where/");
        assertThat(s3.sse()).isEqualTo(ServiceConfig.Sse.KMS);
        assertThat(config.toString()).doesNotContain("hunter2");
    }

    @Test
    void aBucketsProblemsAreReportedTogether() {
        Map<String, String> flags = Map.of(
                "s3.bucket", "Videos!",
                "s3.endpoint", "ftp://x",
                "s3.access_key_id", "id",
                "s3.sse_kms_key_id", "key",
                "s3.prefix", "../x y");

        assertThatThrownBy(() -> ServiceConfig.load(flags, Map.of(), Optional.empty()))
                .isInstanceOfSatisfying(
                        ConfigProblems.class,
                        problems -> assertThat(problems.problems()).hasSize(5))
                .hasMessageContaining("s3.secret_access_key: is needed beside s3.access_key_id")
                .hasMessageContaining("s3.sse_kms_key_id: needs s3.sse to be aws:kms");
    }

    @Test
    void aProfileIsChangedOrAddedFromAnywhere() throws Exception {
        Path file = Files.writeString(
                folder.resolve("claimcheck.yaml"),
                "profiles:\n  web:\n    crf: 20\n  archive:\n    video: hevc\n    renditions: [2160, 720]\n");

        Profiles profiles = ServiceConfig.load(
                        Map.of("profiles.archive.preset", "slow"),
                        Map.of("CLAIMCHECK_PROFILES_WEB_AV1_AUDIO_BIT_RATE", "96000"),
                        Optional.of(file))
                .profiles();

        assertThat(profiles.names()).containsExactly("archive", "audio", "preview", "web", "web-av1", "web-hevc");
        assertThat(profiles.find("web")).hasValueSatisfying(web -> {
            assertThat(web.crf()).isEqualTo(20);
            assertThat(web.preset()).as("untouched").isEqualTo("veryfast");
        });
        assertThat(profiles.find("web-av1").orElseThrow().audioBitRate()).isEqualTo(96_000);
        assertThat(profiles.find("archive"))
                .contains(new Profile(
                        "archive",
                        VideoCodec.HEVC,
                        AudioCodec.AAC,
                        List.of(2160, 720),
                        VideoCodec.HEVC.usualCrf(),
                        "slow",
                        VideoCodec.HEVC.usualBitRatePercent(),
                        160_000));
    }

    @Test
    void problemsOfProfilesAreReportedWithTheOthers() {
        Map<String, String> flags = Map.of(
                "port", "many",
                "profiles.web.video", "vp9",
                "profiles.web.crf", "low",
                "profiles.av1.video", "av1",
                "profiles.av1.preset", "fast",
                "profiles.Film.crf", "20",
                "profiles.preview.presets", "fast",
                "profiles.audio.renditions", "480");

        assertThatThrownBy(
                        () -> ServiceConfig.load(flags, Map.of("CLAIMCHECK_PROFILES_WEB_CFR", "1"), Optional.empty()))
                .isInstanceOfSatisfying(
                        ConfigProblems.class,
                        problems -> assertThat(problems.problems()).hasSize(8))
                .hasMessageContaining(
                        "profiles.web.video (--set profiles.web.video): 'vp9' is none of h264, hevc, av1, none; example: h264")
                .hasMessageContaining("'low' is not a whole number; example: 22")
                .hasMessageContaining(
                        "profiles.av1.preset (--set profiles.av1.preset): 'fast' must be a whole number from 0 (slow) to 13 (fast); example: 8")
                .hasMessageContaining("profiles.Film.crf")
                .hasMessageContaining("did you mean profiles.preview.preset?")
                .hasMessageContaining("'480' needs a video codec")
                .hasMessageContaining("CLAIMCHECK_PROFILES_WEB_CFR");
    }

    @Test
    void everyDefaultAndEveryExampleIsValid() {
        for (Setting setting : Setting.values()) {
            ServiceConfig.load(Map.of(setting.key(), setting.example()), Map.of(), Optional.empty());
        }
        assertThat(ServiceConfig.load(Map.of(), Map.of(), Optional.empty()).roles())
                .hasSize(2);
        for (ProfileSetting setting : ProfileSetting.values()) {
            ServiceConfig.load(Map.of("profiles.web." + setting.key(), setting.example()), Map.of(), Optional.empty());
        }
    }

    @Test
    void theDocumentationListsEverySettingWithItsDefault() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Path documentation = Files.exists(root.resolve("docs"))
                ? root.resolve("docs/configuration.md")
                : root.resolve("../docs/configuration.md");
        String text = Files.readString(documentation);

        assertThat(Arrays.stream(Setting.values()).map(ServiceConfigTest::row))
                .allSatisfy(row -> assertThat(text).contains(row));
        assertThat(Arrays.stream(ProfileSetting.values())
                        .map(setting -> "| `profiles.NAME." + setting.key() + "` | " + setting.description() + " |"))
                .allSatisfy(row -> assertThat(text).contains(row));
        assertThat(Profiles.builtIn().names())
                .allSatisfy(name -> assertThat(text).contains("| `" + name + "` |"));
    }

    static String row(Setting setting) {
        String shown = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
        return "| `" + setting.key() + "` | " + shown + " | " + setting.description() + " |";
    }
}
