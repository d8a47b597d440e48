package dev.claimcheck.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The log on a real Postgres, with transactions that overlap in every way. */
class EventLogTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final OwnerId BOB = new OwnerId("bob");
    private static final JobId JOB = JobId.create(Instant.EPOCH);

    private final PostgresAddress address = TestDatabase.fresh();
    private final Database database = Database.open(address, 16);
    private final Notifications notifications = new Notifications(address);
    private final EventLog log = new EventLog(database);
    private final EventTail tail = new EventTail(log, notifications);
    private final EventFeed feed = new EventFeed(database, log, tail, new JobChanges(tail, notifications));

    EventLogTest() {
        await().until(() -> notifications.isConnected() && tail.current());
    }

    @AfterEach
    void close() {
        feed.close();
        tail.close();
        notifications.close();
        database.close();
    }

    /** Numbers are given out in another order than transactions end in: whoever reads by them alone skips what ends late. */
    @Test
    void nobodyMissesAnEventHoweverTransactionsOverlap() throws Exception {
        Set<Long> written = ConcurrentHashMap.newKeySet();
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                readers.add(crowd.submit(() -> readByPages(done)));
            }
            readers.add(crowd.submit(() -> readByFeed(done)));
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                Random random = new Random(writer);
                writers.add(() -> write(random, written));
            }
            for (Future<Boolean> writer : crowd.invokeAll(writers)) {
                assertThat(writer.get()).isTrue();
            }
            TestDatabase.awaitOlderTransactions(database);
            done.set(true);

            List<Long> order = log.after(ALICE, Optional.empty(), 0, 100_000).stream()
                    .map(Event::id)
                    .toList();
            assertThat(order).hasSizeGreaterThan(400).containsExactlyInAnyOrderElementsOf(written);
            for (Future<List<Long>> reader : readers) {
                assertThat(reader.get())
                        .as("everything, once, in the one order")
                        .isEqualTo(order);
            }
        }
    }

    @Test
    void aReaderWhoIsFarBehindGetsEverythingInOrder() throws Exception {
        try (EventSubscription slow = feed.subscribe(ALICE, Optional.empty(), OptionalLong.empty())) {
            assertThat(slow.next(Duration.ZERO).events()).isEmpty();
            for (int round = 0; round < 6; round++) {
                database.useTransaction(handle -> append(handle, ALICE, 500));
                append(BOB, 10);
            }
            TestDatabase.awaitOlderTransactions(database);
            long last = log.end(ALICE);

            List<Event> read = new ArrayList<>();
            while (read.isEmpty() || read.getLast().id() != last) {
                read.addAll(slow.next(Duration.ofSeconds(10)).events());
            }

            assertThat(read).hasSize(3_000);
            assertThat(read).allSatisfy(event -> assertThat(event.owner()).isEqualTo(ALICE));
            assertThat(read.stream().map(Event::id).toList())
                    .isEqualTo(log.after(ALICE, Optional.empty(), 0, 10_000).stream()
                            .map(Event::id)
                            .toList());
        }
        assertThat(feed.readers()).isZero();
    }

    @Test
    void aJobsReaderSeesThatJobAlone() throws Exception {
        JobId other = JobId.create(Instant.now());
        try (EventSubscription reader = feed.subscribe(ALICE, Optional.of(other), OptionalLong.of(0))) {
            append(ALICE, 3);
            database.useTransaction(handle -> append(handle, ALICE, other));

            assertThat(reader.next(Duration.ofSeconds(10)).events())
                    .hasSize(1)
                    .allSatisfy(event -> assertThat(event.job()).isEqualTo(other));
            assertThat(reader.next(Duration.ofMillis(50)).isEmpty()).isTrue();
        }
    }

    @Test
    void aPlaceThatIsNotInTheLogAnyMoreIsSaidToBeSo() {
        append(ALICE, 2);
        List<Event> all = log.after(ALICE, Optional.empty(), 0, 10);
        append(BOB, 1);
        long bobs = log.end(BOB);

        assertThatThrownBy(() -> log.after(ALICE, Optional.empty(), bobs, 10))
                .as("somebody else's event")
                .isInstanceOf(CursorExpiredException.class);
        assertThat(log.prune(Duration.ofHours(1))).isZero();
        assertThat(log.prune(Duration.ZERO)).isEqualTo(3);
        assertThatThrownBy(
                        () -> log.after(ALICE, Optional.empty(), all.getFirst().id(), 10))
                .isInstanceOf(CursorExpiredException.class);
        assertThat(log.after(ALICE, Optional.empty(), 0, 10)).isEmpty();
    }

    @Test
    void aLogThatWasRestoredInAnotherClusterGoesOn() {
        append(ALICE, 3);
        List<Event> before = log.after(ALICE, Optional.empty(), 0, 10);
        database.useTransaction(handle -> handle.execute("UPDATE event SET xid = CAST('900000000' AS xid8)"));

        log.adopt();
        append(ALICE, 2);

        List<Event> after = log.after(ALICE, Optional.empty(), before.getLast().id(), 10);
        assertThat(after).hasSize(2);
        assertThat(log.after(ALICE, Optional.empty(), 0, 10).stream().map(Event::id))
                .containsExactlyElementsOf(LongStream.concat(
                                before.stream().mapToLong(Event::id),
                                after.stream().mapToLong(Event::id))
                        .boxed()
                        .toList());
    }

    private boolean write(Random random, Set<Long> written) {
        for (int round = 0; round < 60; round++) {
            boolean kept = random.nextInt(5) > 0;
            int events = 1 + random.nextInt(3);
            List<Long> ids = database.inTransaction(handle -> {
                List<Long> made = new ArrayList<>();
                for (int event = 0; event < events; event++) {
                    made.add(append(handle, ALICE, JOB));
                    pause(random.nextInt(12));
                }
                if (!kept) {
                    handle.rollback();
                }
                return made;
            });
            if (kept) {
                written.addAll(ids);
            }
        }
        return true;
    }

    private List<Long> readByPages(AtomicBoolean done) {
        List<Long> read = new ArrayList<>();
        while (true) {
            boolean last = done.get();
            List<Event> page = log.after(ALICE, Optional.empty(), read.isEmpty() ? 0 : read.getLast(), 7);
            page.forEach(event -> read.add(event.id()));
            if (last && page.isEmpty()) {
                return read;
            }
        }
    }

    private List<Long> readByFeed(AtomicBoolean done) throws InterruptedException {
        List<Long> read = new ArrayList<>();
        try (EventSubscription reader = feed.subscribe(ALICE, Optional.empty(), OptionalLong.of(0))) {
            while (true) {
                boolean last = done.get();
                List<Event> batch = reader.next(Duration.ofSeconds(2)).events();
                batch.forEach(event -> read.add(event.id()));
                if (last && batch.isEmpty()) {
                    return read;
                }
            }
        }
    }

    private void append(OwnerId owner, int events) {
        database.useTransaction(handle -> append(handle, owner, events));
        TestDatabase.awaitOlderTransactions(database);
    }

    private static void append(Handle handle, OwnerId owner, int events) {
        for (int event = 0; event < events; event++) {
            append(handle, owner, JOB);
        }
    }

    private static long append(Handle handle, OwnerId owner, JobId job) {
        handle.createQuery("SELECT pg_notify('claimcheck_events', '')")
                .mapTo(String.class)
                .one();
        return handle.createQuery(
                        "INSERT INTO event (owner, job_id, type) VALUES (:owner, :job, 'test') RETURNING event_id")
                .bind("owner", owner.value())
                .bind("job", job.value())
                .mapTo(Long.class)
                .one();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
