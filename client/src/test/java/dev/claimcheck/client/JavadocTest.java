package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation builds without a warning, and its examples are those that run as tests of the command line's module. */
class JavadocTest {
    @TempDir
    Path pages;

    @Test
    void buildsWithoutAWarningAndShowsTheExamples() throws Exception {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        Path here = Path.of("src/main/java").toAbsolutePath();

        int status = ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-quiet",
                        "-Xdoclint:all,-missing",
                        "-Werror",
                        "--release",
                        "25",
                        "-encoding",
                        "UTF-8",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        "--snippet-path",
                        here.resolve("../../../../cli/src/test/java/dev/claimcheck/e2e")
                                .normalize()
                                .toString(),
                        "-sourcepath",
                        here.toString(),
                        "-d",
                        pages.toString(),
                        "dev.claimcheck.client");

        assertThat(said.toString()).isEmpty();
        assertThat(status).isZero();
        Path folder = pages.resolve("dev/claimcheck/client");
        assertThat(Files.readString(folder.resolve("ClaimcheckClient.html"))).contains("client.upload(file,");
        assertThat(Files.readString(folder.resolve("Jobs.html"))).contains("client.jobs().get(jobId)");
        assertThat(Files.readString(folder.resolve("Events.html"))).contains("iterateJob(jobId)");
        assertThat(Files.readString(folder.resolve("WebhookVerifier.html"))).contains("verifier.verify(");
    }
}
