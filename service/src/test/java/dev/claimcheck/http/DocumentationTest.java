package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guides against the code and against each other. */
class DocumentationTest {
    private static final Path ROOT = root();
    private static final Pattern LINK =
            Pattern.compile("(?<!!)\\[[^\\]]*]\\(([^)\\s]+)\\)|!\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z_]+)` \\|", Pattern.MULTILINE);
    /** Where failures of jobs get their codes: an outcome of a step, or a refusal of the first look at a file. */
    private static final Pattern FAILURE = Pattern.compile(
            "(?:new StepError|new ProbeOutcome\\.Refused|new Kind\\.NoVideo|trouble)\\(\\s*(?:step,\\s*)?\"([a-z_]+)\"");

    @Test
    void theErrorGuideHasEveryCodeOfARequestWithItsStatus() throws Exception {
        String guide = section("A request was refused");

        assertThat(rows(guide))
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
        assertThat(ErrorCode.values())
                .allSatisfy(code -> assertThat(guide).contains("| `" + code.code() + "` | " + code.status() + " |"));
    }

    @Test
    void theErrorGuideHasEveryCodeOfAFailedJob() throws Exception {
        Set<String> codes = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(ROOT.resolve("service/src/main/java"))) {
            for (Path source :
                    sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = FAILURE.matcher(Files.readString(source));
                while (matcher.find()) {
                    codes.add(matcher.group(1));
                }
            }
        }
        codes.add("worker_lost"); // Written in SQL, since no process is there to say it.

        assertThat(codes).hasSizeGreaterThan(25);
        assertThat(new TreeSet<>(rows(section("A job failed")))).isEqualTo(codes);
    }

    @Test
    void everyLinkLeadsSomewhere() throws Exception {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : pages()) {
            Matcher matcher = LINK.matcher(withoutCode(Files.readString(page)));
            while (matcher.find()) {
                String target = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                links++;
                if (!leadsSomewhere(page, target)) {
                    broken.add(ROOT.relativize(page) + " → " + target);
                }
            }
        }

        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(50);
    }

    private static boolean leadsSomewhere(Path page, String target) throws IOException {
        if (target.matches("[a-z]+:.*")) {
            return true; // Tests reach no network.
        }
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
        if (!Files.exists(file)) {
            return false;
        }
        return parts.length == 1 || anchors(file).contains(parts[1]);
    }

    /** As code hosts make them: small letters, dashes for spaces, nothing else but letters and digits. */
    private static Set<String> anchors(Path file) throws IOException {
        return withoutCode(Files.readString(file))
                .lines()
                .filter(line -> line.matches("#{1,6} .*"))
                .map(line -> line.replaceAll("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String withoutCode(String text) {
        return text.replaceAll("(?ms)^ *```.*?^ *```", "");
    }

    private static List<Path> pages() throws IOException {
        try (Stream<Path> guides = Files.walk(ROOT.resolve("docs"));
                Stream<Path> front = Files.list(ROOT)) {
            return Stream.concat(guides, front)
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    private static String section(String title) throws IOException {
        String guide = Files.readString(ROOT.resolve("docs/errors.md"));
        int start = guide.indexOf("## " + title);
        int end = guide.indexOf("\n## ", start + 1);
        return guide.substring(start, end < 0 ? guide.length() : end);
    }

    private static List<String> rows(String text) {
        return ROW.matcher(text).results().map(row -> row.group(1)).toList();
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("docs")) ? here : here.resolve("..").normalize();
    }
}
