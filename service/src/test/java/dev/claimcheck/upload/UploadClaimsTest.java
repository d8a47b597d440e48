package dev.claimcheck.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Later requests take earlier ones' place, in the order of their coming, and none is forgotten. */
class UploadClaimsTest {
    private final UploadClaims claims = new UploadClaims(Duration.ofSeconds(20));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void end() {
        threads.close();
    }

    @Test
    void aLaterOneCallsOffTheEarlierAndWaitsForItsEnd() throws Exception {
        CountDownLatch calledOff = new CountDownLatch(1);
        UploadClaims.Claim earlier = claims.take("upload", calledOff::countDown);

        Future<UploadClaims.Claim> later = threads.submit(() -> claims.take("upload", () -> {}));

        assertThat(calledOff.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(later.isDone()).isFalse();
        earlier.close();
        later.get(10, TimeUnit.SECONDS).close();
    }

    @Test
    void otherUploadsDoNotWait() throws Exception {
        try (UploadClaims.Claim _ = claims.take("one", () -> {});
                UploadClaims.Claim _ = claims.take("other", () -> {})) {
            assertThat(claims).isNotNull();
        }
    }

    @Test
    void oneThatWasOvertakenWhileItWaitedNeverCallsOffTheOneThatOvertookIt() throws Exception {
        AtomicInteger newestCalledOff = new AtomicInteger();
        CountDownLatch oldestCalledOff = new CountDownLatch(1);
        CountDownLatch middleCalledOff = new CountDownLatch(1);
        UploadClaims.Claim oldest = claims.take("upload", oldestCalledOff::countDown);
        Future<Void> middle = threads.submit(turn("upload", middleCalledOff::countDown));
        assertThat(oldestCalledOff.await(10, TimeUnit.SECONDS)).isTrue();
        Future<Void> newest = threads.submit(turn("upload", newestCalledOff::incrementAndGet));
        assertThat(middleCalledOff.await(10, TimeUnit.SECONDS)).isTrue();

        oldest.close();

        middle.get(10, TimeUnit.SECONDS);
        newest.get(10, TimeUnit.SECONDS);
        assertThat(newestCalledOff).hasValue(0);
    }

    @Test
    void whoeverWasOvertakenOnTheWayInMayNotWriteAnyMore() throws Exception {
        claims.take("upload", 200, false, () -> {}).close();

        assertThatThrownBy(() -> claims.take("upload", 100, true, () -> {}))
                .isInstanceOfSatisfying(
                        UploadRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(UploadRefused.Reason.SUPERSEDED));
        claims.take("upload", 150, false, () -> {}).close(); // Only asks, and nothing was written since.
        claims.take("upload", 300, true, () -> {}).close();
        assertThatThrownBy(() -> claims.take("upload", 250, false, () -> {})).isInstanceOf(UploadRefused.class);
        claims.take("another upload", 100, true, () -> {}).close();
    }

    @Test
    void oneThatHangsIsToldOfAndThoseBehindStillWaitForIt() throws Exception {
        UploadClaims impatient = new UploadClaims(Duration.ofMillis(50));
        UploadClaims.Claim hanging = impatient.take("upload", () -> {});

        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> impatient.take("upload", () -> {}))
                    .isInstanceOfSatisfying(
                            UploadRefused.class,
                            refused -> assertThat(refused.reason()).isEqualTo(UploadRefused.Reason.NOT_ENDING));
        }
        hanging.close();

        impatient.take("upload", () -> {}).close();
    }

    @Test
    void amongManyNeverTwoAtOnce() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int request = 0; request < 200; request++) {
                Future<Void> _ = many.submit(() -> {
                    try (UploadClaims.Claim _ = claims.take("upload", () -> {})) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.onSpinWait();
                        inside.decrementAndGet();
                    }
                    return null;
                });
            }
        }
        assertThat(most).hasValue(1);
    }

    private Callable<Void> turn(String upload, Runnable cancel) {
        return () -> {
            claims.take(upload, cancel).close();
            return null;
        };
    }
}
