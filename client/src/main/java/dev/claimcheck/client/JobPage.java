package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A page of jobs, newest first.
 *
 * @param next the cursor of the next page; empty on the last one
 */
public record JobPage(List<JobStatus> jobs, Optional<String> next) {
    static JobPage of(JsonNode json) {
        return new JobPage(Json.list(json, "jobs", JobStatus::of), Json.text(json, "next_cursor"));
    }
}
