package dev.claimcheck.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.QueueName;
import dev.claimcheck.storage.ObjectStore.Space;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DegradationTest {
    private static final Space PLENTY = new Space(100_000_000_000L, 0, 2_000_000_000L);

    private final List<QueueFigures> queues = new ArrayList<>(List.of(
            queue(QueueName.METADATA, 0, 4, 0),
            queue(QueueName.THUMBNAILS, 0, 1, 0),
            queue(QueueName.VIDEO_PROCESSING, 3, 2, 30)));

    private final List<WorkerFigures> workers = new ArrayList<>();

    @Test
    void allIsWell() {
        assertThat(judge(PLENTY)).isEqualTo(new Degradation(Degradation.Level.NORMAL, List.of()));
    }

    @Test
    void whatWaitsWhereNobodyWorksIsCritical() {
        queues.set(2, queue(QueueName.VIDEO_PROCESSING, 3, 0, 5));
        assertJudged(judge(PLENTY), Degradation.Level.CRITICAL, "video_processing is worked on: 3 wait");
    }

    @Test
    void aQueueWithoutWorkersIsNotWellThoughNothingWaitsYet() {
        queues.set(1, queue(QueueName.THUMBNAILS, 0, 0, 0));
        assertJudged(judge(PLENTY), Degradation.Level.DEGRADED, "No worker takes from the queue thumbnails");
    }

    @Test
    void aLongWaitDegrades() {
        queues.set(2, queue(QueueName.VIDEO_PROCESSING, 3, 2, 600));
        assertThat(judge(PLENTY).level()).as("just bearable").isEqualTo(Degradation.Level.NORMAL);
        queues.set(2, queue(QueueName.VIDEO_PROCESSING, 3, 2, 1_500));
        assertJudged(judge(PLENTY), Degradation.Level.DEGRADED, "has waited for 25 minutes");
    }

    @Test
    void theDiskIsJudgedByWhatIsLeftBesideThePromises() {
        assertJudged(
                judge(new Space(5_000_000_000L, 1_500_000_000L, 2_000_000_000L)),
                Degradation.Level.DEGRADED,
                "3500 MB");
        assertJudged(
                judge(new Space(5_000_000_000L, 3_500_000_000L, 2_000_000_000L)),
                Degradation.Level.CRITICAL,
                "New uploads are refused");
    }

    @Test
    void theGravestComesFirst() {
        workers.add(new WorkerFigures(
                "w", "h", Map.of(), WorkerFigures.Life.SILENT, Instant.EPOCH, Instant.EPOCH, List.of()));
        Degradation judged = Degradation.of(new Degradation.Facts(overview(0, 0), Optional.empty(), false, true));
        assertThat(judged.level()).isEqualTo(Degradation.Level.CRITICAL);
        assertThat(judged.reasons()).hasSize(2);
        assertThat(judged.reasons().getFirst()).contains("The storage does not answer");
        assertThat(judged.reasons().getLast()).contains("1 worker has fallen silent");
    }

    @Test
    void manyFailuresAreSaidAFewAreNot() {
        assertThat(Degradation.of(new Degradation.Facts(overview(3, 9), Optional.empty(), true, true))
                        .level())
                .isEqualTo(Degradation.Level.NORMAL);
        assertThat(Degradation.of(new Degradation.Facts(overview(50, 40), Optional.empty(), true, true))
                        .level())
                .isEqualTo(Degradation.Level.NORMAL);
        assertJudged(
                Degradation.of(new Degradation.Facts(overview(3, 12), Optional.empty(), true, true)),
                Degradation.Level.DEGRADED,
                "12 of 15 jobs");
    }

    @Test
    void lateNewsDegrade() {
        assertJudged(
                Degradation.of(new Degradation.Facts(overview(0, 0), Optional.empty(), true, false)),
                Degradation.Level.DEGRADED,
                "heard of late");
    }

    private static void assertJudged(Degradation judged, Degradation.Level level, String reason) {
        assertThat(judged.level()).as(judged.reasons().toString()).isEqualTo(level);
        assertThat(judged.reasons()).hasSize(1);
        assertThat(judged.reasons().getFirst()).contains(reason);
    }

    private Degradation judge(Space space) {
        return Degradation.of(new Degradation.Facts(overview(0, 0), Optional.of(space), true, true));
    }

    private Overview overview(int done, int failed) {
        return new Overview(Instant.EPOCH, queues, workers, done, failed);
    }

    private static QueueFigures queue(QueueName name, int waiting, int capacity, double oldest) {
        return new QueueFigures(name, waiting, 0, 0, capacity, oldest, 0, 0, 0);
    }
}
