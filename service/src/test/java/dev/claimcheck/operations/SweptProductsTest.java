package dev.claimcheck.operations;

import static dev.claimcheck.operations.StoredProducts.handingIn;
import static dev.claimcheck.queue.JobsOnDatabase.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of shared products and their objects when jobs are deleted or cancelled and garbage is swept, one after the other and at once. */
class SweptProductsTest {
    private static final OwnerId ALICE = new OwnerId("alice");

    @TempDir
    Path folder;

    private StoredProducts products;
    private JobControl control;

    @BeforeEach
    void open() {
        products = new StoredProducts(folder);
        control = products.jobs.control();
    }

    @AfterEach
    void close() {
        products.close();
    }

    @Test
    void isTakenOverWithoutACopyAndOutlivesItsFirstJob() {
        LeasedStep first = products.leased();
        products.make(first, "hls/1.m4s", "hls/2.m4s");
        LeasedStep second = products.leased();
        products.takeOver(second);
        assertThat(products.jobs
                        .queries()
                        .output(second.jobId(), "hls/1.m4s")
                        .orElseThrow()
                        .objectKey())
                .isEqualTo(first.outputPrefix() + "hls/1.m4s");
        assertThat(products.view(second))
                .extracting(StepView::made, StepView::reused)
                .containsExactly(0, 1);
        assertThat(products.view(first))
                .extracting(StepView::made, StepView::reused)
                .containsExactly(1, 0);
        assertThat(products.outcomes.products().all().values()).containsExactly(1L, 1L);
        products.publish(first, "extra.jpg");

        control.delete(ALICE, first.jobId());
        products.awaitSwept();

        assertThat(products.objects())
                .containsExactlyInAnyOrder(first.outputPrefix() + "hls/1.m4s", first.outputPrefix() + "hls/2.m4s");
        LeasedStep third = products.leased();
        Product again = products.known(third).orElseThrow();
        assertThat(again.from()).contains(second.jobId());
        products.complete(third, again);

        control.delete(ALICE, second.jobId());
        products.awaitSwept();
        assertThat(products.objects()).hasSize(2);

        control.delete(ALICE, third.jobId());
        products.awaitSwept();
        assertThat(products.objects()).isEmpty();
    }

    @Test
    void theLastOfTwoThatAreDeletedAtOnceTakesTheObjectsAway() throws Exception {
        for (int round = 0; round < 15; round++) {
            LeasedStep first = products.leased();
            products.make(first, "hls/1.m4s");
            LeasedStep second = products.leased();
            LeasedStep third = products.leased();
            products.takeOver(second);
            products.takeOver(third);
            control.delete(ALICE, first.jobId());
            atOnce(
                    () -> control.delete(ALICE, second.jobId()),
                    () -> control.delete(ALICE, third.jobId()),
                    products.sweeper::sweep);
            products.awaitSwept();
            assertThat(products.objects()).isEmpty();
        }
    }

    @Test
    void aCancelledJobGivesUpWhatItTookOverAndOffersNothing() {
        LeasedStep first = products.leased();
        products.make(first, "hls/1.m4s");
        LeasedStep second = products.leased(2);
        products.takeOver(second);

        control.cancel(ALICE, second.jobId());
        control.delete(ALICE, first.jobId());
        products.awaitSwept();

        assertThat(products.objects()).isEmpty();
        assertThat(products.known(products.leased())).isEmpty();
    }

    /** The sweeper died, or another one works beside it. */
    @Test
    void sweepingTwiceIsSweepingOnce() {
        LeasedStep first = products.leased();
        products.make(first, "hls/1.m4s");
        LeasedStep second = products.leased();
        products.takeOver(second);
        products.publish(first, "unwanted");
        control.delete(ALICE, first.jobId());
        List<String> prefixes = texts("SELECT prefix FROM garbage");
        products.awaitSwept();
        prefixes.forEach(prefix -> products.jobs
                .database()
                .useTransaction(handle -> handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:prefix)")
                        .bind("prefix", prefix)
                        .execute()));
        products.awaitSwept();

        assertThat(products.objects()).containsExactly(first.outputPrefix() + "hls/1.m4s");
    }

    /** An outcome that was recorded, though the answer got lost, is not swept with what refused attempts have written. */
    @Test
    void whatIsDisownedByMistakeStays() {
        LeasedStep first = products.leased();
        products.make(first, "hls/1.m4s");
        products.publish(first, "extra.jpg");

        products.outcomes.disown(first);
        products.awaitSwept();

        assertThat(products.objects()).containsExactly(first.outputPrefix() + "hls/1.m4s");
    }

    /** Taking over, deleting, cancelling and sweeping at the same time: whatever a job offers is there, and nothing else is in the end. */
    @RepeatedTest(3)
    void nothingThatIsOfferedIsEverSwept() throws Exception {
        for (int round = 0; round < 25; round++) {
            LeasedStep first = products.leased();
            products.make(first, "hls/1.m4s", "hls/2.m4s");
            LeasedStep second = products.leased();
            LeasedStep third = products.leased(2);
            Product forSecond = products.known(second).orElseThrow();
            atOnce(
                    () -> products.outcomes.complete(second, handingIn(forSecond)),
                    () -> products.known(third).ifPresent(found -> products.outcomes.complete(third, handingIn(found))),
                    () -> control.delete(ALICE, first.jobId()),
                    () -> control.cancel(ALICE, third.jobId()),
                    products.sweeper::sweep,
                    products.sweeper::sweep);
            products.awaitSwept();
            assertThat(products.objects())
                    .containsExactlyInAnyOrderElementsOf(texts("SELECT DISTINCT object_key FROM output ORDER BY 1"));
            control.delete(ALICE, second.jobId());
            control.delete(ALICE, third.jobId());
            products.awaitSwept();
            assertThat(products.objects()).isEmpty();
            products.drain();
        }
    }

    /** Jobs that take over from each other do not wait for each other in a circle. */
    @Test
    void twoJobsMayTakeOverFromEachOtherAtOnce() throws Exception {
        for (int round = 0; round < 25; round++) {
            Digest one = digest();
            Digest two = digest();
            LeasedStep first = products.leased(2);
            LeasedStep second = products.leased(2);
            products.complete(first, products.made(first, one, "a.m4s"));
            products.complete(second, products.made(second, two, "b.m4s"));
            LeasedStep firstAgain = products.jobs.claim(first.jobId());
            LeasedStep secondAgain = products.jobs.claim(second.jobId());
            Product ofSecond = products.found(first, two).orElseThrow();
            Product ofFirst = products.found(second, one).orElseThrow();
            Queue<Boolean> recorded = new ConcurrentLinkedQueue<>();
            atOnce(
                    () -> recorded.add(products.outcomes.complete(firstAgain, handingIn(ofSecond))),
                    () -> recorded.add(products.outcomes.complete(secondAgain, handingIn(ofFirst))));
            assertThat(recorded).containsExactly(true, true);
        }
    }

    private static void atOnce(Runnable... works) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Runnable work : works) {
                all.add(threads.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private List<String> texts(String sql) {
        return products.jobs
                .database()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
