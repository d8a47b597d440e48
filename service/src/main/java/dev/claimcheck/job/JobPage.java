package dev.claimcheck.job;

import java.util.List;
import java.util.Optional;

/** Some jobs, newest first, and where the next page starts; empty on the last. */
public record JobPage(List<JobView> jobs, Optional<JobId> next) {
    public JobPage {
        jobs = List.copyOf(jobs);
    }
}
