package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void theDocumentationListsEveryCode() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        Path documentation = Files.exists(root.resolve("docs"))
                ? root.resolve("docs/http-api.md")
                : root.resolve("../docs/http-api.md");
        String text = Files.readString(documentation);

        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code))
                .allSatisfy(code -> assertThat(text).contains("`" + code + "`"));
    }
}
