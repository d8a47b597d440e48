package dev.claimcheck.events;

import static dev.claimcheck.queue.JobsOnDatabase.WORKER;
import static dev.claimcheck.queue.JobsOnDatabase.digest;
import static dev.claimcheck.queue.JobsOnDatabase.offering;
import static dev.claimcheck.queue.JobsOnDatabase.output;
import static dev.claimcheck.queue.JobsOnDatabase.planning;
import static dev.claimcheck.queue.JobsOnDatabase.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.NewJob;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.ReceivedSource;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.UploadIntake;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.queue.JobsOnDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Drives jobs and steps through every move that their tables allow. Around each action it looks at all of them: what has moved must have left the events of that move, and nothing else may have. So neither a silent move nor
 * an invented event passes.
 */
class TransitionEventsTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final StepError TROUBLE = new StepError("trouble", "There was trouble.", null);

    private final JobsOnDatabase jobs = JobsOnDatabase.open(Duration.ofMinutes(1));
    private final Database database = jobs.database();
    private final Leases leases = new Leases(database, Duration.ofMinutes(1));
    private final JobControl control = jobs.control();
    private final TransitionWatch watch = new TransitionWatch(database);

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void everyMoveOfTheTablesIsInTheLog() {
        jobsThatGoWell();
        jobsThatFail();
        workThatIsDoneAgain();
        jobsThatAreCalledOff();
        uploads();

        assertThat(watch.jobMoves())
                .as("moves of jobs that were seen, with their events")
                .containsAll(table(JobStatus.values(), JobStatus::canBecome));
        Set<String> steps = table(StepState.values(), StepState::canBecome);
        steps.remove("WAITING>SKIPPED"); // Nothing skips a step yet.
        assertThat(watch.stepMoves()).as("moves of steps").containsAll(steps);
        assertThat(watch.otherEvents())
                .containsExactlyInAnyOrder(
                        "job.playable",
                        "upload.created",
                        "upload.completed",
                        "upload.expired",
                        "upload.aborted",
                        "job.retried (optional steps)");
    }

    private void jobsThatGoWell() {
        JobId job =
                planned(step("a", true), step("b", true, "metadata"), step("c", false, "a", "b"), step("d", true, "c"));
        complete(claim(job, "a"), "early/master.m3u8");
        complete(claim(job, "b"), "early/master.m3u8");
        LeasedStep optional = claim(job, "c");
        does(() -> jobs.outcomes(3).failForGood(optional, TROUBLE));
        complete(claim(job, "d"), "hls/master.m3u8");
        assertThat(count("job.playable", job))
                .as("once, however often it is offered")
                .isEqualTo(1);
        does(() -> control.retry(ALICE, job), "job.retried");
        does(() -> control.delete(ALICE, job));

        JobId lost = submitted();
        claim(lost, "metadata");
        does(() -> leases.releaseAll(WORKER));
        LeasedStep again = claim(lost, "metadata");
        does(() -> leases.release(again.lease()));
        LeasedStep troubled = claim(lost, "metadata");
        does(() -> jobs.outcomes(3).retryLater(troubled, TROUBLE));
        await().until(() -> promoted() > 0);
        complete(claim(lost, "metadata"));
    }

    private void jobsThatFail() {
        JobId job = planned(
                step("opt", false, "metadata"),
                step("bad", true, "opt"),
                step("ready", true, "metadata"),
                step("waiting", true, "ready"));
        LeasedStep optional = claim(job, "opt");
        does(() -> jobs.outcomes(3).failForGood(optional, TROUBLE));
        LeasedStep bad = claim(job, "bad");
        does(() -> jobs.outcomes(0).retryLater(bad, TROUBLE));
        does(() -> control.retry(ALICE, job));
        LeasedStep running = claim(job, "opt");
        does(() -> control.cancel(ALICE, job));
        assertThat(jobs.outcomes(3).complete(running, success(running))).isFalse();

        JobId lost = submitted();
        claim(lost, "metadata");
        for (int loss = 1; loss < 6; loss++) {
            does(() -> leases.releaseAll(WORKER));
            claim(lost, "metadata");
        }
        does(() -> leases.releaseAll(WORKER));
        does(leases::failLostTooOften);

        // The claim leaves the status of a job alone that somebody holds; the step's end makes up for it.
        LeasedStep unnoticed = claimOfHeldJob(submitted());
        does(() -> jobs.outcomes(3).failForGood(unnoticed, TROUBLE));
        plan(claimOfHeldJob(submitted()), step("next", true, "metadata"));
    }

    private void workThatIsDoneAgain() {
        JobId job = planned(step("make", true, "metadata"), step("more", true, "make"), step("check", true, "more"));
        complete(claim(job, "make"), "made");
        complete(claim(job, "more"), "made more");
        LeasedStep check = claim(job, "check");
        does(() -> jobs.outcomes(3).makeAgain(check, new StepOutcome.MadeBadly(List.of("made", "made more"), TROUBLE)));
        complete(claim(job, "make"), "made");
        complete(claim(job, "more"), "made more");
        complete(claim(job, "check"));
    }

    private void jobsThatAreCalledOff() {
        JobId waiting = submitted();
        does(() -> control.cancel(ALICE, waiting));
        JobId running = planned(step("a", true, "metadata"), step("b", true, "a"));
        claim(running, "a");
        does(() -> control.delete(ALICE, running));
        JobId delayed = submitted();
        LeasedStep troubled = claim(delayed, "metadata");
        does(() -> jobs.outcomes(3).retryLater(troubled, TROUBLE));
        does(() -> control.cancel(ALICE, delayed));
    }

    private void uploads() {
        JobId completed = begun();
        Fingerprint fingerprint = new Fingerprint(digest(), digest());
        ReceivedSource source = new ReceivedSource(1, fingerprint, step("metadata", true));
        does(
                () -> database.useTransaction(handle -> UploadIntake.start(handle, completed, source)),
                "upload.completed");
        JobId duplicate = begun();
        does(
                () -> database.useTransaction(handle -> UploadIntake.start(handle, duplicate, source)),
                "upload.completed");
        JobId expired = begun();
        does(() -> database.useTransaction(handle -> UploadIntake.expire(handle, expired)), "upload.expired");
        JobId calledOff = begun();
        does(() -> database.useTransaction(handle -> UploadIntake.callOff(handle, calledOff)), "upload.aborted");
        JobId cancelled = begun();
        does(() -> control.cancel(ALICE, cancelled), "upload.aborted");
        does(() -> control.delete(ALICE, cancelled));
        JobId deleted = begun();
        does(() -> control.delete(ALICE, deleted), "upload.aborted");
        claim(completed, "metadata");
        watch.otherEvents().add("upload.created"); // Made by the upload's own record: see UploadEndsTest.
    }

    private void does(Runnable action, String... also) {
        watch.does(action, also);
    }

    private static <S extends Enum<S>> Set<String> table(S[] states, BiPredicate<S, S> canBecome) {
        return Arrays.stream(states)
                .flatMap(from -> Arrays.stream(states)
                        .filter(to -> canBecome.test(from, to))
                        .map(to -> from + ">" + to))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private long count(String type, JobId job) {
        return database.withHandle(
                handle -> handle.createQuery("SELECT count(*) FROM event WHERE type = :type AND job_id = :job")
                        .bind("type", type)
                        .bind("job", job.value())
                        .mapTo(Long.class)
                        .one());
    }

    // ---- what acts

    private JobId submitted() {
        NewJob job = JobsOnDatabase.aJob("alice", Priority.NORMAL, digest());
        does(() -> jobs.submit(job));
        watch.otherEvents().addAll(Set.of("upload.created", "upload.completed"));
        return job.id();
    }

    /** A job whose first step has ended with that plan. */
    private JobId planned(PlannedStep... plan) {
        JobId job = submitted();
        plan(claim(job, "metadata"), plan);
        return job;
    }

    /** A job that waits for its file, with the record of its upload. */
    private JobId begun() {
        JobId id = JobId.create(Instant.now());
        does(() -> database.useTransaction(handle -> {
            UploadIntake.begin(
                    handle,
                    new UploadingJob(
                            id,
                            ALICE,
                            "clip.mp4",
                            null,
                            new Processing("web", JobOptions.NONE),
                            Priority.NORMAL,
                            1L,
                            "sources/" + id));
            handle.createUpdate(
                            "INSERT INTO upload (upload_id, owner, kind, job_id, object_key, length, expires_at) VALUES (:id, 'alice', 'RESUMABLE', :job, :key, 1, now() + interval '1 day')")
                    .bind("id", UUID.randomUUID())
                    .bind("job", id.value())
                    .bind("key", "sources/" + id)
                    .execute();
        }));
        return id;
    }

    private LeasedStep claim(JobId job, String name) {
        List<LeasedStep> claimed = new ArrayList<>();
        // Others' steps are left in the queue: only one is claimed at a time, and what is not meant goes back.
        does(() -> claimed.add(jobs.claim()));
        LeasedStep step = claimed.getFirst();
        if (step.jobId().equals(job) && step.name().equals(name)) {
            return step;
        }
        LeasedStep meant = claim(job, name);
        does(() -> leases.release(step.lease()));
        return meant;
    }

    private LeasedStep claimOfHeldJob(JobId job) {
        return database.inTransaction(held -> {
            held.createQuery("SELECT 1 FROM job WHERE job_id = :job FOR UPDATE")
                    .bind("job", job.value())
                    .mapTo(Integer.class)
                    .one();
            // On another thread, else it would be the same transaction.
            return CompletableFuture.supplyAsync(() -> claim(job, "metadata")).join();
        });
    }

    private void complete(LeasedStep step, String... paths) {
        does(() -> jobs.outcomes(3).complete(step, success(step, paths)));
    }

    private void plan(LeasedStep step, PlannedStep... plan) {
        does(() -> jobs.outcomes(3).complete(step, planning(plan)));
    }

    private int promoted() {
        AtomicInteger promoted = new AtomicInteger();
        does(() -> promoted.set(leases.promoteDue()));
        return promoted.get();
    }

    private static StepOutcome.Succeeded success(LeasedStep step, String... paths) {
        return offering(Stream.of(paths).map(path -> output(step, path)).toArray(Output[]::new));
    }
}
