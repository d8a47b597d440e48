package dev.claimcheck.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
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
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.ReceivedSource;
import dev.claimcheck.job.RetryPolicy;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.UploadIntake;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.queue.postgres.PostgresStepQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Drives jobs and steps through every move that their tables allow. Around each action it looks at all of them: what has moved must have left the events of that move, and nothing else may have. So neither a silent move nor
 * an invented event passes.
 */
class TransitionEventsTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final StepError TROUBLE = new StepError("trouble", "There was trouble.", null);
    private static final AtomicInteger COUNTER = new AtomicInteger();
    private static final String NOTHING = "-";
    /** A READY step that waits for its next try. */
    private static final String DELAYED = "DELAYED";

    private final PostgresAddress address = TestDatabase.fresh();
    private final Database database = Database.open(address, 8);
    private final Notifications notifications = new Notifications(address);
    private final PostgresStepQueue queue = new PostgresStepQueue(database, notifications, Duration.ofMinutes(1));
    private final Leases leases = new Leases(database, Duration.ofMinutes(1));
    private final JobControl control = new JobControl(database);
    private final JobIntake intake = new JobIntake(database);

    private final Set<String> jobMoves = new TreeSet<>();
    private final Set<String> stepMoves = new TreeSet<>();
    private final Set<String> otherEvents = new TreeSet<>();

    @AfterEach
    void close() {
        notifications.close();
        database.close();
    }

    @Test
    void everyMoveOfTheTablesIsInTheLog() {
        jobsThatGoWell();
        jobsThatFail();
        workThatIsDoneAgain();
        jobsThatAreCalledOff();
        uploads();

        assertThat(jobMoves)
                .as("moves of jobs that were seen, with their events")
                .containsAll(table(JobStatus.values(), JobStatus::canBecome));
        Set<String> steps = table(StepState.values(), StepState::canBecome);
        steps.remove("WAITING>SKIPPED"); // Nothing skips a step yet.
        assertThat(stepMoves).as("moves of steps").containsAll(steps);
        assertThat(otherEvents)
                .containsExactlyInAnyOrder(
                        "job.playable",
                        "upload.created",
                        "upload.completed",
                        "upload.expired",
                        "upload.aborted",
                        "job.retried (optional steps)");
    }

    private void jobsThatGoWell() {
        JobId job = submitted();
        LeasedStep first = claim(job, "metadata");
        does(() -> outcomes(3)
                .complete(
                        first,
                        planning(
                                step("a", true),
                                step("b", true, "metadata"),
                                step("c", false, "a", "b"),
                                step("d", true, "c"))));
        complete(claim(job, "a"), "early/master.m3u8");
        complete(claim(job, "b"), "early/master.m3u8");
        LeasedStep optional = claim(job, "c");
        does(() -> outcomes(3).failForGood(optional, TROUBLE));
        complete(claim(job, "d"), "hls/master.m3u8");
        assertThat(count("job.playable", job))
                .as("once, however often it is offered")
                .isEqualTo(1);
        does(() -> control.retry(ALICE, job), "job.retried");
        does(() -> control.delete(ALICE, job));

        JobId lost = submitted();
        claim(lost, "metadata");
        does(() -> leases.releaseAll("worker"));
        LeasedStep again = claim(lost, "metadata");
        does(() -> leases.release(again.lease()));
        LeasedStep troubled = claim(lost, "metadata");
        does(() -> outcomes(3).retryLater(troubled, TROUBLE));
        await().until(() -> promoted() > 0);
        complete(claim(lost, "metadata"));
    }

    private void jobsThatFail() {
        JobId job = submitted();
        LeasedStep first = claim(job, "metadata");
        does(() -> outcomes(3)
                .complete(
                        first,
                        planning(
                                step("opt", false, "metadata"),
                                step("bad", true, "opt"),
                                step("ready", true, "metadata"),
                                step("waiting", true, "ready"))));
        LeasedStep optional = claim(job, "opt");
        does(() -> outcomes(3).failForGood(optional, TROUBLE));
        LeasedStep bad = claim(job, "bad");
        does(() -> outcomes(0).retryLater(bad, TROUBLE));
        does(() -> control.retry(ALICE, job));
        LeasedStep running = claim(job, "opt");
        does(() -> control.cancel(ALICE, job));
        assertThat(outcomes(3).complete(running, success(running))).isFalse();

        JobId lost = submitted();
        claim(lost, "metadata");
        for (int loss = 1; loss < 6; loss++) {
            does(() -> leases.releaseAll("worker"));
            claim(lost, "metadata");
        }
        does(() -> leases.releaseAll("worker"));
        does(leases::failLostTooOften);

        // The claim leaves the status of a job alone that somebody holds; the step's end makes up for it.
        LeasedStep unnoticed = claimOfHeldJob(submitted());
        does(() -> outcomes(3).failForGood(unnoticed, TROUBLE));
        LeasedStep other = claimOfHeldJob(submitted());
        does(() -> outcomes(3).complete(other, planning(step("next", true, "metadata"))));
    }

    private void workThatIsDoneAgain() {
        JobId job = submitted();
        LeasedStep first = claim(job, "metadata");
        does(() -> outcomes(3)
                .complete(
                        first,
                        planning(
                                step("make", true, "metadata"),
                                step("more", true, "make"),
                                step("check", true, "more"))));
        complete(claim(job, "make"), "made");
        complete(claim(job, "more"), "made more");
        LeasedStep check = claim(job, "check");
        does(() -> outcomes(3).makeAgain(check, new StepOutcome.MadeBadly(List.of("made", "made more"), TROUBLE)));
        complete(claim(job, "make"), "made");
        complete(claim(job, "more"), "made more");
        complete(claim(job, "check"));
    }

    private void jobsThatAreCalledOff() {
        JobId waiting = submitted();
        does(() -> control.cancel(ALICE, waiting));
        JobId running = submitted();
        LeasedStep first = claim(running, "metadata");
        does(() -> outcomes(3).complete(first, planning(step("a", true, "metadata"), step("b", true, "a"))));
        claim(running, "a");
        does(() -> control.delete(ALICE, running));
        JobId delayed = submitted();
        LeasedStep troubled = claim(delayed, "metadata");
        does(() -> outcomes(3).retryLater(troubled, TROUBLE));
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
        otherEvents.add("upload.created"); // Made by the upload's own record: see UploadCrashesTest.
    }

    // ---- one action and what it left

    /** Does it and compares what moved with what was logged; {@code also} are events beside those of moves. */
    private void does(Runnable action, String... also) {
        Map<String, String> before = subjects();
        long end = lastEvent();
        action.run();
        Map<String, String> after = subjects();
        Map<String, List<String>> logged = eventsSince(end);
        Set<String> missing = new TreeSet<>(List.of(also));
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        all.addAll(logged.keySet());
        for (String subject : all) {
            String from = before.getOrDefault(subject, NOTHING);
            String to = after.getOrDefault(subject, NOTHING);
            List<String> events = new ArrayList<>(logged.getOrDefault(subject, List.of()));
            if (!subject.contains("/")) {
                takeOthers(events, List.of(also), missing, from.equals(to));
            }
            if (from.equals(to)) {
                assertThat(events).as("%s stays %s", subject, from).isEmpty();
                continue;
            }
            Set<List<String>> expected = subject.contains("/") ? ofStep(from, to) : ofJob(from, to);
            assertThat(expected)
                    .as("%s goes from %s to %s; logged: %s", subject, from, to, events)
                    .contains(events);
            (subject.contains("/") ? stepMoves : jobMoves)
                    .add(from.replace(DELAYED, "READY") + ">" + to.replace(DELAYED, "READY"));
        }
        assertThat(missing).as("events that should have been logged too").isEmpty();
    }

    private void takeOthers(List<String> events, List<String> also, Set<String> missing, boolean stays) {
        if (events.remove("job.playable")) {
            otherEvents.add("job.playable");
        }
        for (String type : also) {
            if (events.remove(type)) {
                missing.remove(type);
                otherEvents.add(type.equals("job.retried") && stays ? "job.retried (optional steps)" : type);
            }
        }
    }

    private static Set<List<String>> ofJob(String from, String to) {
        String type = switch (to) {
            case "UPLOADING" -> "job.created";
            case "PENDING" ->
                switch (from) {
                    case NOTHING -> "job.created";
                    case "UPLOADING" -> "job.uploaded";
                    default -> "job.retried";
                };
            case "IN_PROGRESS" -> "job.started";
            case NOTHING -> "job.deleted";
            default -> "job." + to.toLowerCase(Locale.ROOT);
        };
        return to.equals(NOTHING)
                ? Set.of(List.of("job.deleted"), List.of("job.merged"))
                : from.equals(NOTHING) && to.equals("PENDING")
                        ? Set.of(List.of("job.created", "upload.created", "upload.completed"))
                        : Set.of(List.of(type));
    }

    private static Set<List<String>> ofStep(String from, String to) {
        boolean closed = Set.of("SUCCEEDED", "FAILED", "CANCELLED").contains(from);
        return switch (to) {
            case NOTHING -> Set.of(closed ? List.of() : List.of("step.cancelled"));
            case "WAITING" ->
                Set.of(from.equals(NOTHING) ? List.of() : List.of(closed ? "step.reopened" : "step.retrying"));
            case "READY" ->
                from.equals("RUNNING")
                        ? Set.of(List.of("step.released"), List.of("step.lease_expired"))
                        : Set.of(closed ? List.of("step.reopened", "step.ready") : List.of("step.ready"));
            case DELAYED -> Set.of(List.of("step.retrying"));
            case "RUNNING" -> Set.of(List.of("step.started"));
            default -> Set.of(List.of("step." + to.toLowerCase(Locale.ROOT)));
        };
    }

    private static <S extends Enum<S>> Set<String> table(S[] states, java.util.function.BiPredicate<S, S> canBecome) {
        return Arrays.stream(states)
                .flatMap(from -> Arrays.stream(states)
                        .filter(to -> canBecome.test(from, to))
                        .map(to -> from + ">" + to))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Every job by its id, and every step by its job's id, a slash and its name, with where it stands. */
    private Map<String, String> subjects() {
        return database.withHandle(handle -> {
            Map<String, String> found = new TreeMap<>();
            handle.createQuery("SELECT CAST(job_id AS text) AS subject, status FROM job UNION ALL "
                            + "SELECT job_id || '/' || name, CASE WHEN step_id IN (SELECT step_id FROM lease) THEN 'RUNNING' "
                            + "WHEN step_id IN (SELECT step_id FROM delayed) THEN 'DELAYED' ELSE state END FROM step")
                    .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            return found;
        });
    }

    private long lastEvent() {
        return database.withHandle(handle -> handle.createQuery("SELECT coalesce(max(event_id), 0) FROM event")
                .mapTo(Long.class)
                .one());
    }

    private Map<String, List<String>> eventsSince(long last) {
        return database.withHandle(handle -> handle
                .createQuery(
                        "SELECT job_id, type, data ->> 'step' AS step FROM event WHERE event_id > :last ORDER BY event_id")
                .bind("last", last)
                .map((row, _) -> Map.entry(
                        row.getString("job_id")
                                + (row.getString("type").startsWith("step.") ? "/" + row.getString("step") : ""),
                        row.getString("type")))
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList()))));
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
        JobId id = JobId.create(Instant.now());
        NewJob job = new NewJob(
                id,
                ALICE,
                "clip.mp4",
                null,
                new Processing("web", JobOptions.NONE),
                Priority.NORMAL,
                1,
                digest(),
                digest(),
                "sources/" + id,
                step("metadata", true));
        does(() -> intake.submit(job));
        otherEvents.addAll(Set.of("upload.created", "upload.completed"));
        return id;
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
        does(() -> claimed.addAll(queue.claim(QueueName.METADATA, "worker", 1)));
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
        does(() -> outcomes(3).complete(step, success(step, paths)));
    }

    private int promoted() {
        AtomicInteger promoted = new AtomicInteger();
        does(() -> promoted.set(leases.promoteDue()));
        return promoted.get();
    }

    private StepOutcomes outcomes(int retries) {
        return new StepOutcomes(
                database,
                new RetryPolicy(retries, Duration.ofMillis(20)),
                new SourceRetention(Optional.empty()),
                new Random(1));
    }

    private static StepOutcome.Succeeded success(LeasedStep step, String... paths) {
        List<Output> outputs = Stream.of(paths)
                .map(path -> new Output(path, step.outputPrefix() + path, "text/plain", 1))
                .toList();
        return new StepOutcome.Succeeded(json(), outputs, List.of(), Optional.empty());
    }

    private static StepOutcome.Succeeded planning(PlannedStep... plan) {
        return new StepOutcome.Succeeded(json(), List.of(), List.of(plan), Optional.empty());
    }

    private static PlannedStep step(String name, boolean required, String... needs) {
        return new PlannedStep(name, "work", QueueName.METADATA, required, List.of(needs), 1, json());
    }

    private static Digest digest() {
        return new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
    }

    private static JsonNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
