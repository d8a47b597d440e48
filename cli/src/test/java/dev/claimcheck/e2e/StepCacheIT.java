package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A known source is processed again: only what is new is made, and nobody can tell from the result. */
class StepCacheIT {
    private static final Pattern URI_ATTRIBUTE = Pattern.compile("URI=\"([^\"]+)\"");

    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of(
                "CLAIMCHECK_MEDIA_NICE",
                "0",
                "CLAIMCHECK_RETENTION_SOURCE",
                "keep",
                "CLAIMCHECK_MEDIA_WAVEFORM",
                "true",
                "CLAIMCHECK_PROFILES_MORE_RENDITIONS",
                "360,300,240"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void anotherThumbnailTimeMakesAnotherPosterAndNothingElse() {
        JsonNode first = uploaded(api, Clip.mp4(16, "640x360"), "");
        long madeBefore = products("rendition", "made");
        JsonNode second = processed(first, "thumbnail_time=7.5");

        Map<String, Made> steps = steps(second);
        assertThat(steps.get("thumbnail")).isEqualTo(new Made(1, 0));
        steps.remove("thumbnail");
        assertThat(steps.keySet())
                .contains("transcode/000", "transcode/001", "audio", "storyboard", "waveform", "package");
        assertThat(steps.values())
                .allSatisfy(made -> assertThat(made.made()).isZero())
                .allSatisfy(made -> assertThat(made.reused()).isPositive());
        assertThat(products("rendition", "made")).isEqualTo(madeBefore);
        assertThat(products("rendition", "reused")).isPositive();
        assertSame(first, second);
        assertThat(fetched(second, "thumbnail_url")).isNotEqualTo(fetched(first, "thumbnail_url"));
        Results.assertPoster(api, second);
    }

    @Test
    void oneMoreSizeIsEncodedAloneAndTheResultIsTheSameToTheByte() throws Exception {
        Path clip = Clip.mp4(20, "640x360");
        JsonNode first = uploaded(api, clip, "");
        JsonNode second = processed(first, "profile=more");

        Map<String, Made> steps = steps(second);
        assertThat(steps.get("transcode/000"))
                .as("the beginning, at the lowest size")
                .isEqualTo(new Made(0, 2));
        assertThat(steps.get("transcode/001")).isEqualTo(new Made(0, 1));
        for (String behind : List.of("transcode/002", "transcode/003")) {
            assertThat(steps.get(behind)).as("behind it, every size").isEqualTo(new Made(1, 2));
        }
        for (String rest : List.of("transcode/004", "transcode/005")) {
            assertThat(steps.get(rest)).as("what the beginning lacks").isEqualTo(new Made(1, 1));
        }
        assertThat(steps.get("audio")).isEqualTo(new Made(0, 1));
        assertThat(steps.get("thumbnail")).isEqualTo(new Made(0, 1));
        assertThat(steps.get("package")).isEqualTo(new Made(0, 1));
        HlsCheck hls = HlsCheck.of(api, second);
        DashCheck.of(api, hls);
        assertThat(hls.variants()).extracting(track -> track.number("height")).containsExactly(360, 300, 240);
        assertThat(second.path("verification").path("passed").asBoolean(false))
                .as(second::toPrettyString)
                .isTrue();

        // Another owner gets nothing from that, and makes the same.
        Api eve = api.asOwner("eve");
        JsonNode all = uploaded(eve, clip, "profile=more");
        assertThat(steps(eve, all).values())
                .isNotEmpty()
                .allSatisfy(made -> assertThat(made.reused()).isZero());
        assertSame(second, all);
        assertThat(fetched(second, "thumbnail_url")).isEqualTo(fetched(all, "thumbnail_url"));
    }

    /** The lowest size is what a video begins with: another one changes the plan of the beginning. */
    @Test
    void anotherLowestSizeComesOutRight() {
        JsonNode first = uploaded(api, Clip.mp4(16, "640x360"), "profile=more");
        JsonNode second = processed(first, "profile=preview");
        HlsCheck.of(api, second);

        Path clip = Clip.mp4(16, "854x480");
        uploaded(api, clip, "profile=preview");
        JsonNode web = uploaded(api, clip, "profile=web");
        HlsCheck hls = HlsCheck.of(api, web);
        DashCheck.of(api, hls);
        assertThat(hls.variants()).hasSizeGreaterThan(1);
    }

    @Test
    void theSecondJobPlaysWhenTheFirstIsDeletedAndNothingIsLeftOfBoth() throws Exception {
        JsonNode first = uploaded(api, Clip.mp4(14, "640x360"), "");
        JsonNode second = processed(first, "thumbnail_time=3");
        Map<String, String> before = files(second);

        assertThat(api.delete("/videos/jobs/" + id(first)).status()).isEqualTo(204);
        await("what only the first job had is gone")
                .atMost(Duration.ofSeconds(20))
                .until(() -> objects(first).stream().noneMatch(file -> file.endsWith("poster.jpg")));

        assertThat(files(second)).isEqualTo(before);
        HlsCheck.of(api, second);
        Results.assertDownload(api, second);

        assertThat(api.delete("/videos/jobs/" + id(second)).status()).isEqualTo(204);
        await("both are gone")
                .atMost(Duration.ofSeconds(20))
                .until(() -> objects(first).isEmpty() && objects(second).isEmpty());
    }

    /** How much a step has made and reused. */
    private record Made(int made, int reused) {}

    private static JsonNode uploaded(Api owner, Path file, String options) {
        try {
            Api.Answer accepted = owner.send(owner.request("/videos/upload?filename=clip.mp4&" + options)
                    .POST(BodyPublishers.ofFile(file))
                    .build());
            assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
            return owner.awaitCompleted(accepted.text("job_id"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode processed(JsonNode job, String options) {
        Api.Answer accepted = api.post("/videos/jobs/" + id(job) + "/process?" + options);
        assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
        JsonNode done = api.awaitCompleted(accepted.text("job_id"));
        assertThat(done.path("warnings")).as(done::toPrettyString).isEmpty();
        return done;
    }

    private static Map<String, Made> steps(JsonNode job) {
        return steps(api, job);
    }

    /** Of every step that makes products. */
    private static Map<String, Made> steps(Api owner, JsonNode job) {
        Map<String, Made> steps = new TreeMap<>();
        for (JsonNode step : owner.get("/videos/jobs/" + id(job)).body().path("steps")) {
            JsonNode products = step.path("products");
            if (products.isObject()) {
                steps.put(
                        step.path("name").asString(),
                        new Made(
                                products.path("made").asInt(),
                                products.path("reused").asInt()));
            }
        }
        return steps;
    }

    private static void assertSame(JsonNode one, JsonNode other) {
        Map<String, String> files = files(one);
        assertThat(files.keySet()).anyMatch(path -> path.endsWith(".m4s")).anyMatch(path -> path.endsWith("init.mp4"));
        assertThat(files(other)).isEqualTo(files);
        for (String link : List.of("download_url", "storyboard_url", "waveform_url", "dash_url")) {
            assertThat(fetched(other, link)).as(link).isEqualTo(fetched(one, link));
        }
    }

    private static byte[] fetched(JsonNode job, String link) {
        return api.fetch(job.path(link).asString(""));
    }

    /** Everything that a player fetches: path below the playlists' folder, and content. */
    private static Map<String, String> files(JsonNode job) {
        URI master = URI.create(job.path("video_url").asString(""));
        Map<String, String> files = new TreeMap<>();
        List<URI> playlists = new ArrayList<>(List.of(master));
        while (!playlists.isEmpty()) {
            URI playlist = playlists.removeLast();
            String text = new String(api.fetch(playlist.toString()), StandardCharsets.UTF_8);
            files.put(path(master, playlist), text);
            for (String line : text.lines().toList()) {
                Matcher attribute = URI_ATTRIBUTE.matcher(line);
                String reference = attribute.find() ? attribute.group(1) : line.startsWith("#") ? "" : line;
                URI found = playlist.resolve(reference);
                if (reference.endsWith(".m3u8")) {
                    playlists.add(found);
                } else if (!reference.isBlank()) {
                    files.put(
                            path(master, found), new String(api.fetch(found.toString()), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files;
    }

    private static String path(URI master, URI file) {
        String base = master.toString();
        return file.toString().substring(base.lastIndexOf('/') + 1);
    }

    private static List<String> objects(JsonNode job) {
        return new Stored(server)
                .below("objects/jobs/" + id(job)).stream().map(Path::toString).toList();
    }

    private static long products(String kind, String outcome) {
        String sample = "claimcheck_products_total{kind=\"" + kind + "\",outcome=\"" + outcome + "\"} ";
        return api.get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToLong(line -> Long.parseLong(line.substring(sample.length())))
                .sum();
    }

    private static String id(JsonNode job) {
        return job.path("job_id").asString();
    }
}
