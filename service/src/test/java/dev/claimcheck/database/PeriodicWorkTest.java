package dev.claimcheck.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PeriodicWorkTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void troubleWithAPartKeepsNeitherTheOthersNorTheNextRoundFromBeingDone() {
        AtomicInteger others = new AtomicInteger();
        try (PeriodicWork _ = new PeriodicWork("test", Duration.ZERO, () -> {
            boolean went = PeriodicWork.attempt(
                    LoggerFactory.getLogger(PeriodicWorkTest.class), "nothing follows from it", () -> {
                        rounds.incrementAndGet();
                        throw new IllegalStateException("meant");
                    });
            assertThat(went).isFalse();
            others.incrementAndGet();
            return Duration.ofMillis(1);
        })) {
            await().until(() -> rounds.get() > 3 && others.get() > 2);
        }
    }

    @Test
    void whoWakesItNeedNotWait() {
        try (PeriodicWork work = new PeriodicWork("test", NEVER, () -> {
            rounds.incrementAndGet();
            return NEVER;
        })) {
            work.wake();
            await().until(() -> rounds.get() == 1);
            work.wake();
            await().until(() -> rounds.get() == 2);
        }
    }

    @Test
    void closingWaitsForTheRoundAndBeginsNone() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        PeriodicWork work = new PeriodicWork("test", Duration.ZERO, () -> {
            rounds.incrementAndGet();
            begun.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            ended.set(true);
            return Duration.ZERO;
        });
        begun.await();
        Thread closing = Thread.ofVirtual().start(work::close);
        await().until(() -> closing.getState() == Thread.State.WAITING);
        assertThat(ended).isFalse();
        goOn.countDown();
        closing.join();

        assertThat(ended).isTrue();
        assertThat(rounds).hasValue(1);
    }
}
