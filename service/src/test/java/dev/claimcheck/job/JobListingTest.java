package dev.claimcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.TestDatabase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Lists, searches and counts on a real database. */
class JobListingTest {
    private static final OwnerId ALICE = new OwnerId("alice");

    private final Database database = TestDatabase.open();
    private final JobListing listing = new JobListing(database, new JobQueries(database));
    private long clock;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void comesNewestFirstPageByPageWhateverTheStatuses() {
        List<JobId> made = new ArrayList<>();
        for (int number = 0; number < 23; number++) {
            made.addFirst(
                    job("alice", number % 3 == 0 ? "EXPIRED" : number % 3 == 1 ? "CANCELLED" : "UPLOADING", "a.mp4"));
            job("bob", "EXPIRED", "b.mp4");
        }

        assertThat(pages(JobFilter.of(ALICE), 5)).isEqualTo(made);
        assertThat(pages(new JobFilter(ALICE, EnumSet.of(JobStatus.EXPIRED, JobStatus.UPLOADING), ""), 4))
                .hasSize(15)
                .isSubsetOf(made)
                .isSortedAccordingTo((one, other) -> other.compareTo(one));
        assertThat(pages(new JobFilter(ALICE, Set.of(JobStatus.FAILED), ""), 4)).isEmpty();
        assertThat(listing.page(JobFilter.of(ALICE), Optional.empty(), 23).next())
                .as("just as many as fit")
                .isEmpty();
    }

    @Test
    void findsByAnyPartOfTheNameAndByTheId() {
        JobId holiday = job("alice", "EXPIRED", "Holiday in ÅLESUND 100%_final.MP4");
        JobId other = job("alice", "CANCELLED", "holiday.mov");
        job("alice", "CANCELLED", "work.mov");
        JobId backslash = job("alice", "CANCELLED", "a\\b.mov");

        assertThat(found("HOLIDAY")).containsExactly(other, holiday);
        assertThat(found("ålesund")).containsExactly(holiday);
        assertThat(found("100%_f")).containsExactly(holiday);
        assertThat(found("%")).as("no wildcard").containsExactly(holiday);
        assertThat(found("_")).containsExactly(holiday);
        assertThat(found("\\")).containsExactly(backslash);
        assertThat(found("nothing")).isEmpty();
        assertThat(found(other.toString())).containsExactly(other);
        assertThat(found(other.toString().substring(28))).containsExactly(other);
        assertThat(found(other.toString().substring(28).toUpperCase(java.util.Locale.ROOT)))
                .containsExactly(other);
        assertThat(found(other.toString().substring(27)))
                .as("nine digits are none")
                .isEmpty();
    }

    @Test
    void countsEveryStatusAlsoThoseThatAreNotThere() {
        job("alice", "EXPIRED", "one.mp4");
        job("alice", "EXPIRED", "two.mp4");
        job("alice", "CANCELLED", "one.mov");
        job("bob", "CANCELLED", "one.mov");

        assertThat(listing.counts(JobFilter.of(ALICE)))
                .hasSize(7)
                .containsEntry(JobStatus.EXPIRED, 2L)
                .containsEntry(JobStatus.CANCELLED, 1L)
                .containsEntry(JobStatus.FAILED, 0L);
        assertThat(listing.counts(new JobFilter(ALICE, Set.of(), "one")))
                .containsEntry(JobStatus.EXPIRED, 1L)
                .containsEntry(JobStatus.CANCELLED, 1L);
    }

    private List<JobId> found(String text) {
        return pages(new JobFilter(ALICE, Set.of(), text), 2);
    }

    private List<JobId> pages(JobFilter filter, int size) {
        List<JobId> all = new ArrayList<>();
        Optional<JobId> next = Optional.empty();
        do {
            JobPage page = listing.page(filter, next, size);
            page.jobs().forEach(job -> all.add(job.id()));
            next = page.next();
        } while (next.isPresent());
        return all;
    }

    private JobId job(String owner, String status, String filename) {
        JobId id = JobId.create(Instant.ofEpochMilli(1_000_000_000_000L + clock++));
        database.withHandle(handle -> handle.createUpdate("""
                        INSERT INTO job (job_id, owner, status, filename, finished_at)
                        VALUES (:id, :owner, :status, :filename, CASE WHEN :status IN ('EXPIRED', 'CANCELLED') THEN now() END)
                        """)
                .bind("id", id.value())
                .bind("owner", owner)
                .bind("status", status)
                .bind("filename", filename)
                .execute());
        return id;
    }
}
