package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The shell commands of the guides, taken from there and run against a service, one after the other as a reader would. */
class RecipesIT {
    private static final Pattern BLOCK =
            Pattern.compile("(?m)^#+ ([^\\n]*)$|^```(?:bash|sh)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final String MARK = "=== ";

    private static Server server;

    @TempDir
    Path folder;

    /** What a block of commands printed, under the heading that it stands below. */
    private record Ran(String heading, String output) {}

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of());
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void everyUploadRecipeWorks() throws Exception {
        Files.copy(Clip.padded(Clip.mp4(2, "320x180"), 3_500_000), folder.resolve("holiday.mp4"));
        Files.copy(Clip.padded(Clip.mp4(1, "320x180"), 2_500_000), folder.resolve("clip.mp4"));

        List<Ran> ran = run("docs/uploads.md");

        assertThat(ran)
                .extracting(Ran::heading)
                .containsExactly(
                        "In one request",
                        "One PUT to a signed URL",
                        "In chunks",
                        "tus with curl",
                        "The IETF's draft with curl",
                        "Without sending it again",
                        "Idempotency-Key");
        assertThat(ran)
                .allSatisfy(block -> assertThat(block.output())
                        .as(block.heading())
                        .doesNotContain("application/problem+json", "\"code\":"));
        assertThat(output(ran, "In one request")).contains("PENDING", "File already uploaded");
        assertThat(output(ran, "One PUT")).contains("processing_started");
        assertThat(output(ran, "In chunks")).contains("\"received\":4,\"total_chunks\":4,\"job_id\"", "[1,2,3,4]");
        assertThat(output(ran, "tus with curl")).contains("204 No Content", "Claimcheck-Job-Id");
        assertThat(output(ran, "The IETF's")).contains("HTTP/1.1 104", "HTTP/1.1 202", "Upload-Complete: ?1");
        assertThat(output(ran, "Without")).contains("File already uploaded");
        assertThat(output(ran, "Idempotency-Key")).contains("201 Created");
        for (JsonNode job : server.api().get("/videos/jobs").body().path("jobs")) {
            if (!job.path("filename").asString().equals("a.mp4")) { // Only announced.
                server.api().awaitCompleted(job.path("job_id").asString());
            }
        }
    }

    private static String output(List<Ran> ran, String heading) {
        return ran.stream()
                .filter(block -> block.heading().startsWith(heading))
                .map(Ran::output)
                .findFirst()
                .orElseThrow();
    }

    /** Blocks share their variables, so they are one script; it ends with the first command that fails. */
    private List<Ran> run(String guide) throws Exception {
        StringBuilder script = new StringBuilder();
        String heading = "";
        for (MatchResult found : BLOCK.matcher(
                        Files.readString(Server.repositoryRoot().resolve(guide)))
                .results()
                .toList()) {
            if (found.group(1) != null) {
                heading = found.group(1);
            } else {
                script.append("echo; echo '" + MARK)
                        .append(heading.replace("'", "'\\''"))
                        .append("'\n");
                script.append(found.group(2)).append('\n');
            }
        }
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-eu", "-c", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SERVER", server.baseUri().toString());
        builder.environment().put("KEY", server.api().key());
        Process process = builder.start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(guide + " ends").isTrue();
        String printed = Files.readString(output);
        assertThat(process.exitValue()).as(printed).isZero();
        List<Ran> ran = new ArrayList<>();
        for (String part : printed.split("(?m)^" + MARK, -1)) {
            int end = part.indexOf('\n');
            if (end > 0) {
                ran.add(new Ran(part.substring(0, end), part.substring(end)));
            }
        }
        return ran;
    }
}
