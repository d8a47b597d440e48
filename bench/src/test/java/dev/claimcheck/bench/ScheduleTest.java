package dev.claimcheck.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.claimcheck.bench.Schedule.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void whatIsIndependentIsSharedOut() {
        List<Task> tasks = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            tasks.add(transcode("t" + number, 5));
        }

        assertThat(Schedule.makespan(tasks, 1)).isEqualTo(60);
        assertThat(Schedule.makespan(tasks, 2)).isEqualTo(30);
        assertThat(Schedule.makespan(tasks, 4)).isEqualTo(15);
    }

    @Test
    void moreWorkersThanStepsChangeNothing() {
        List<Task> tasks = List.of(transcode("long", 20), transcode("short", 5));

        assertThat(Schedule.makespan(tasks, 2)).isEqualTo(20);
        assertThat(Schedule.makespan(tasks, 64)).isEqualTo(20);
    }

    @Test
    void whoeverIsFreeTakesTheNext() {
        // One worker: 4 then 5; the other: 3, 3 and 3.
        List<Task> tasks =
                List.of(transcode("a", 4), transcode("b", 3), transcode("c", 3), transcode("d", 5), transcode("e", 3));

        assertThat(Schedule.makespan(tasks, 2)).isEqualTo(9);
    }

    @Test
    void aStepWaitsForWhatItNeeds() {
        List<Task> tasks = List.of(
                transcode("first", 2),
                transcode("left", 10, "first"),
                transcode("right", 6, "first"),
                transcode("end", 1, "left", "right"));

        assertThat(Schedule.makespan(tasks, 2)).isEqualTo(13);
        assertThat(Schedule.makespan(tasks, 1)).isEqualTo(19);
    }

    @Test
    void lightStepsOccupyNoWorker() {
        List<Task> tasks = List.of(new Task("poster", false, 8, List.of()), transcode("chunk", 10));

        assertThat(Schedule.makespan(tasks, 1)).isEqualTo(10);
    }

    @Test
    void aPlanThatCannotEndIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.makespan(List.of(transcode("a", 1, "nothing")), 1))
                .withMessageContaining("never ready");
    }

    private static Task transcode(String name, double seconds, String... needs) {
        return new Task(name, true, seconds, List.of(needs));
    }
}
