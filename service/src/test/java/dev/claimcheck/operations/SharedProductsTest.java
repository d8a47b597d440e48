package dev.claimcheck.operations;

import static dev.claimcheck.operations.StoredProducts.handingIn;
import static dev.claimcheck.queue.JobsOnDatabase.digest;
import static dev.claimcheck.queue.JobsOnDatabase.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.StepView;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which products of other jobs a job finds, and what it takes over of them. */
class SharedProductsTest {
    private static final OwnerId ALICE = new OwnerId("alice");

    @TempDir
    Path folder;

    private StoredProducts products;

    @BeforeEach
    void open() {
        products = new StoredProducts(folder);
    }

    @AfterEach
    void close() {
        products.close();
    }

    @Test
    void isFoundByTheOwnersOtherJobsOfTheSameContentAlone() {
        LeasedStep giver = products.leased();
        products.make(giver, "hls/1.m4s", "hls/2.m4s");

        Product found = products.known(products.leased()).orElseThrow();
        assertThat(found.from()).contains(giver.jobId());
        assertThat(found.kind()).isEqualTo("rendition");
        assertThat(found.result().path("made").asString("")).isEqualTo("here");
        assertThat(found.outputs()).extracting(Output::path).containsExactly("hls/1.m4s", "hls/2.m4s");
        assertThat(products.known(products.leased("bob", Optional.of(products.content))))
                .as("another owner")
                .isEmpty();
        assertThat(products.known(products.leased("alice", Optional.of(digest()))))
                .as("another content")
                .isEmpty();
        assertThat(products.known(products.leased("alice", Optional.empty())))
                .as("an unknown content")
                .isEmpty();
        assertThat(products.found(giver, List.of(digest()))).as("another key").isEmpty();
    }

    /** Sources may be hashed while they are transcoded. */
    @Test
    void isFoundOnceItsContentIsKnown() {
        LeasedStep giver = products.leased("alice", Optional.empty());
        LeasedStep other = products.leased();
        products.make(giver, "hls/1.m4s");
        assertThat(products.known(other)).isEmpty();

        products.setContent(giver.jobId(), Optional.of(products.content));

        assertThat(products.known(other)).isPresent();
    }

    @Test
    void whatIsGoneMeanwhileIsMadeByTheNextAttempt() {
        LeasedStep first = products.leased();
        products.make(first, "hls/1.m4s");
        LeasedStep second = products.leased();
        Product taken = products.known(second).orElseThrow();

        products.jobs.control().delete(ALICE, first.jobId());

        assertThat(products.outcomes.complete(second, handingIn(taken))).isFalse();
        assertThat(products.jobs.queries().output(second.jobId(), "hls/1.m4s")).isEmpty();
        assertThat(products.view(second))
                .extracting(StepView::state, StepView::retries)
                .containsExactly(StepState.READY, 0);
        LeasedStep again = products.jobs.claim();
        assertThat(again.lease().stepId()).isEqualTo(second.lease().stepId());
        assertThat(products.known(again)).isEmpty();
    }

    /** Every chunk of a size brings its initialization section along; the job has one of them, and so has who takes a chunk over. */
    @Test
    void chunksHaveTheirInitializationSectionInCommon() {
        Digest later = digest();
        LeasedStep first = products.leased(2);
        products.make(first, "hls/init.mp4", "hls/1.m4s");
        LeasedStep second = products.leased(2);
        Product early = products.known(second).orElseThrow();
        LeasedStep chunk = products.jobs.claim(first.jobId());
        products.complete(chunk, products.made(chunk, later, "hls/init.mp4", "hls/2.m4s"));

        // What was found before the first job had another one is handed in with that one.
        products.complete(second, early);
        String current = chunk.outputPrefix() + "hls/init.mp4";
        assertThat(objectOf(second, "hls/init.mp4")).isEqualTo(current);
        LeasedStep last = products.jobs.claim(second.jobId());
        Product taken = products.found(last, later).orElseThrow();
        assertThat(taken.outputs()).extracting(Output::path).containsExactly("hls/2.m4s", "hls/init.mp4");
        products.complete(last, taken);
        products.jobs.control().delete(ALICE, first.jobId());
        products.awaitSwept();

        assertThat(products.objects())
                .containsExactlyInAnyOrder(
                        current, first.outputPrefix() + "hls/1.m4s", chunk.outputPrefix() + "hls/2.m4s");
        LeasedStep third = products.leased();
        assertThat(products.found(third, List.of(products.key, later))).hasSize(2);
    }

    /** What the storage has damaged is damaged for everybody who points to it. */
    @Test
    void whatHasToBeMadeAgainIsNotTakenOverAgain() {
        LeasedStep first = products.leased(2);
        Digest intact = digest();
        Product good = products.made(first, intact, "hls/good.m4s");
        products.complete(first, products.made(first, products.key, "hls/bad.m4s"), good);
        LeasedStep second = products.leased(2);
        Map<Digest, Product> found = products.found(second, List.of(products.key, intact));
        products.complete(second, found.values().toArray(Product[]::new));
        LeasedStep finder = products.jobs.claim(second.jobId());

        assertThat(products.outcomes.makeAgain(
                        finder,
                        new StepOutcome.MadeBadly(
                                List.of("hls/bad.m4s"), new StepError("output_damaged", "It is damaged.", null))))
                .isTrue();

        LeasedStep again = products.jobs.claim(second.jobId());
        assertThat(again.name()).isEqualTo(second.name());
        Map<Digest, Product> still = products.found(again, List.of(products.key, intact));
        assertThat(still.keySet()).containsExactly(intact);
        Product anew = products.made(again, products.key, "hls/bad.m4s");
        products.complete(again, anew, still.values().iterator().next());
        assertThat(objectOf(again, "hls/good.m4s")).isEqualTo(first.outputPrefix() + "hls/good.m4s");
        assertThat(products.known(products.leased()).orElseThrow().from()).contains(again.jobId());
    }

    /** Another step may have made the same outputs anew, another way. */
    @Test
    void whatHasLostAnOutputIsNotTakenOver() {
        LeasedStep first = products.leased(2);
        products.make(first, "hls/1.m4s", "hls/2.m4s");
        LeasedStep second = products.leased(2);
        products.takeOver(second);
        LeasedStep rest = products.jobs.claim(second.jobId());
        LeasedStep restOfFirst = products.jobs.claim(first.jobId());
        Output anew = products.publish(rest, "hls/2.m4s");
        assertThat(products.outcomes.complete(rest, offering(anew))).isTrue();
        assertThat(products.outcomes.complete(restOfFirst, offering(products.publish(restOfFirst, "hls/1.m4s"))))
                .isTrue();

        assertThat(products.known(products.leased())).isEmpty();
        products.jobs.control().delete(ALICE, first.jobId());
        products.awaitSwept();

        assertThat(products.objects())
                .as("the second job lets go of what it has made anew itself")
                .containsExactlyInAnyOrder(anew.objectKey(), first.outputPrefix() + "hls/1.m4s");
    }

    private String objectOf(LeasedStep step, String path) {
        return products.jobs.queries().output(step.jobId(), path).orElseThrow().objectKey();
    }

    /** Outputs alone, without a product. */
    private static StepOutcome.Succeeded offering(Output output) {
        return new StepOutcome.Succeeded(json(), List.of(output), List.of());
    }
}
