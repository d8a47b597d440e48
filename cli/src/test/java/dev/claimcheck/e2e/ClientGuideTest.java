package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java in the client's guide is that of {@link ClientExamples}, which runs. */
class ClientGuideTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```$");
    private static final Pattern REGION = Pattern.compile("(?s)// @start region=\"(\\w+)\"\\n(.*?)\\n[ ]*// @end");

    @Test
    void everyBlockOfJavaIsAnExampleThatRuns() throws Exception {
        Path root = Server.repositoryRoot();
        List<String> regions = REGION.matcher(
                        Files.readString(root.resolve("cli/src/test/java/dev/claimcheck/e2e/ClientExamples.java")))
                .results()
                .map(region -> region.group(2).stripIndent().strip())
                .toList();
        List<String> blocks = BLOCK.matcher(Files.readString(root.resolve("docs/client.md")))
                .results()
                .map(block -> block.group(1).strip())
                .toList();

        assertThat(blocks).isNotEmpty().isSubsetOf(regions);
        assertThat(regions).as("every example is shown").isSubsetOf(blocks);
    }
}
