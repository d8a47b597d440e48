package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TopViewTest {
    private static final JsonNode OVERVIEW = JsonMapper.shared().readTree("""
            {"at":"2026-11-25T14:02:11.114Z","waiting":12,"running":2,"oldest_wait_seconds":95.2,"done_last_hour":120,"failed_last_hour":2,
             "degradation":{"level":"degraded","reasons":["The disk is filling up: 3500 MB are left, and below 2000 MB new uploads are refused."]},
             "queues":[{"queue":"metadata","waiting":0,"delayed":0,"running":0,"capacity":4,"oldest_wait_seconds":0,"started_per_minute":3,"finished_per_minute":3,"lag_seconds":0.1},
              {"queue":"video_processing","waiting":12,"delayed":1,"running":2,"capacity":2,"oldest_wait_seconds":95.2,"started_per_minute":4,"finished_per_minute":3,"lag_seconds":60}],
             "workers":[{"worker":"0199f2c4-0000-7000-8000-00001f3a9c20","host":"box","state":"alive","queues":{"metadata":4},"doing":[
               {"job_id":"j","filename":"a very long name of a holiday film that nobody reads to its end.mp4","owner":"alice","step":"transcode/001","queue":"video_processing",
                "attempt":2,"started_at":"2026-11-25T14:02:00Z","progress":45.2,"message":"Transcoding 720p"}]},
              {"worker":"w2","host":"other","state":"leaving","queues":{"metadata":4},"doing":[]}],
             "storage":{"kind":"files","free_bytes":100000000000,"promised_bytes":0,"stored_bytes":12000000000,"jobs":3,"objects":5}}""");

    @Test
    void showsWhatMattersAtAnyWidth() {
        for (int width : new int[] {40, 80, 200}) {
            List<String> lines = TopView.lines(OVERVIEW, "http://127.0.0.1:8080", new Terminal(true, width, 50, false));
            assertThat(lines).allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(width));
            assertThat(String.join("\n", lines))
                    .contains(
                            "degraded",
                            "waiting 12",
                            "running 2",
                            "oldest wait 1:35 min",
                            "video_processing",
                            "45 %",
                            "! The disk is filling up");
        }
    }

    @Test
    void aWideTerminalShowsAll() {
        String all =
                String.join("\n", TopView.lines(OVERVIEW, "http://127.0.0.1:8080", new Terminal(true, 200, 50, false)));
        assertThat(all)
                .contains(
                        "14:02:11 UTC",
                        "free 100 GB",
                        "LAG",
                        "transcode/001 #2",
                        "11 s",
                        "alice",
                        "Transcoding 720p",
                        "box/1f3a9c20",
                        "idle: 4 metadata");
    }

    @Test
    void neverMoreLinesThanTheTerminalHas() {
        assertThat(TopView.lines(OVERVIEW, "http://127.0.0.1:8080", new Terminal(true, 80, 6, false)))
                .hasSize(5);
    }
}
