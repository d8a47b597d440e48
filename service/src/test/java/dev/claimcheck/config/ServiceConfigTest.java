package dev.claimcheck.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
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
    void everyDefaultAndEveryExampleIsValid() {
        for (Setting setting : Setting.values()) {
            ServiceConfig.load(Map.of(setting.key(), setting.example()), Map.of(), Optional.empty());
        }
        assertThat(ServiceConfig.load(Map.of(), Map.of(), Optional.empty()).roles())
                .hasSize(2);
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
    }

    static String row(Setting setting) {
        String shown = setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`";
        return "| `" + setting.key() + "` | " + shown + " | " + setting.description() + " |";
    }
}
