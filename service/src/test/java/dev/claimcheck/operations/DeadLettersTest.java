package dev.claimcheck.operations;

import static dev.claimcheck.queue.JobsOnDatabase.WORKER;
import static dev.claimcheck.queue.JobsOnDatabase.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepError;
import dev.claimcheck.queue.JobsOnDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps that have failed: how operators see them, and how they are retried. */
class DeadLettersTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final StepError TROUBLE = new StepError("undecodable", "It is damaged.", "a line");

    private final JobsOnDatabase jobs = JobsOnDatabase.open(Duration.ofMinutes(5));
    private final JobControl control = jobs.control();
    private final DeadLetters letters = Operations.of(jobs.database(), control).deadLetters();

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void oneStepIsRetriedAloneAndOnlyWhereThatCanHelp() {
        JobId job = jobs.submit("alice");
        jobs.plan(jobs.claim(), step("poster", false, "metadata"), step("waveform", false, "metadata"));
        jobs.outcomes(0).failForGood(jobs.claim(), TROUBLE);
        jobs.outcomes(0).failForGood(jobs.claim(), TROUBLE);

        assertThat(control.retryStep(new OwnerId("bob"), job, "poster")).isInstanceOf(ControlResult.NotFound.class);
        assertThat(control.retryStep(ALICE, job, "poser")).isInstanceOf(ControlResult.NotFound.class);
        assertThat(control.retryStep(ALICE, job, "metadata")).isInstanceOf(ControlResult.NotPossible.class);
        assertThat(control.retryStep(ALICE, job, "poster")).isInstanceOf(ControlResult.Done.class);

        LeasedStep again = jobs.claim();
        assertThat(again.name()).isEqualTo("poster");
        assertThat(jobs.queue().claim(QueueName.METADATA, WORKER, 5))
                .as("the other one stays as it is")
                .isEmpty();
        jobs.complete(again);
        assertThat(letters.page(Optional.empty(), 10).letters())
                .extracting(DeadLetters.DeadLetter::step)
                .containsExactly("waveform");
    }

    @Test
    void aRequiredStepIsRetriedAsItsJobIs() {
        JobId job = jobs.submit("alice");
        jobs.outcomes(0).retryLater(jobs.claim(), TROUBLE);

        assertThat(control.retryStep(ALICE, job, "metadata")).isEqualTo(new ControlResult.Done(JobStatus.PENDING));

        assertThat(jobs.claim().lease().attempt()).isEqualTo(2);
    }

    @Test
    void deadLettersComeNewestFirstPageByPage() {
        for (int number = 0; number < 5; number++) {
            jobs.submit("owner" + number);
            jobs.outcomes(0).failForGood(jobs.claim(), TROUBLE);
        }

        DeadLetters.Page first = letters.page(Optional.empty(), 2);
        DeadLetters.Page second = letters.page(first.next(), 2);
        DeadLetters.Page third = letters.page(second.next(), 2);

        assertThat(owners(first, second, third)).containsExactly("owner4", "owner3", "owner2", "owner1", "owner0");
        assertThat(third.next()).isEmpty();
        assertThat(first.letters().getFirst().error().code()).isEqualTo("undecodable");
        assertThat(first.letters().getFirst().attempts()).isEqualTo(1);
        assertThat(first.letters().getFirst().retryAllowed()).isFalse();
        assertThatThrownBy(() -> letters.page(Optional.of("x"), 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deadLettersAreRetriedTogetherByWhatTheyHaveInCommon() {
        JobId bad = jobs.submit("alice");
        jobs.outcomes(0).failForGood(jobs.claim(), TROUBLE);
        JobId unlucky = jobs.submit("bob");
        jobs.outcomes(0).retryLater(jobs.claim(), new StepError("process_killed", "It was killed.", null));

        assertThat(letters.retry(choice(Optional.of(QueueName.THUMBNAILS), Optional.empty(), Set.of())))
                .isEqualTo(new DeadLetters.Retried(0, false));
        assertThat(letters.retry(choice(Optional.empty(), Optional.empty(), Set.of())))
                .as("what can be helped")
                .isEqualTo(new DeadLetters.Retried(1, false));
        assertThat(jobs.claim().jobId()).isEqualTo(unlucky);
        assertThat(letters.retry(choice(Optional.empty(), Optional.of("undecodable"), Set.of(unlucky))))
                .as("both must fit")
                .isEqualTo(new DeadLetters.Retried(0, false));
        assertThat(letters.retry(choice(Optional.empty(), Optional.of("undecodable"), Set.of())))
                .as("what is named is meant, helped or not")
                .isEqualTo(new DeadLetters.Retried(1, false));
        assertThat(jobs.claim().jobId()).isEqualTo(bad);
        assertThat(letters.page(Optional.empty(), 10).letters()).isEmpty();
    }

    private static List<String> owners(DeadLetters.Page... pages) {
        return Stream.of(pages)
                .flatMap(page -> page.letters().stream())
                .map(letter -> letter.owner().value())
                .toList();
    }

    private static DeadLetters.Choice choice(Optional<QueueName> queue, Optional<String> code, Set<JobId> jobs) {
        return new DeadLetters.Choice(queue, code, jobs);
    }
}
