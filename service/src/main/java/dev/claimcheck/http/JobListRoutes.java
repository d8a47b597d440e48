package dev.claimcheck.http;

import dev.claimcheck.job.JobFilter;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobListing;
import dev.claimcheck.job.JobPage;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs page by page, and how many there are. */
final class JobListRoutes {
    private static final int MOST_PER_PAGE = 200;
    private static final int LONGEST_TEXT = 255;

    private final JobListing listing;
    private final JobJson json;
    private final InstantSource clock;

    JobListRoutes(JobListing listing, JobJson json, InstantSource clock) {
        this.listing = listing;
        this.json = json;
        this.clock = clock;
    }

    void addTo(Router router) {
        router.on("GET", "/videos/jobs", Router.Access.KEY, this::list)
                .on("GET", "/videos/jobs/counts", Router.Access.KEY, this::counts);
    }

    private Answer list(Exchange exchange) {
        Optional<JobId> before =
                exchange.query("cursor").filter(text -> !text.isEmpty()).map(JobListRoutes::cursor);
        JobPage page = listing.page(filter(exchange), before, Paging.limit(exchange, MOST_PER_PAGE));
        Instant now = clock.instant();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode jobs = body.putArray("jobs");
        page.jobs().forEach(job -> {
            ObjectNode row = json.summary(job, now);
            if (exchange.principal().isAdmin()) {
                row.put("owner", job.owner().value());
            }
            jobs.add(row);
        });
        body.put("next_cursor", page.next().map(JobId::toString).orElse(null));
        return Answer.json(200, body);
    }

    private Answer counts(Exchange exchange) {
        Map<JobStatus, Long> counts = listing.counts(filter(exchange));
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ObjectNode each = body.putObject("counts");
        counts.forEach((status, jobs) -> each.put(status.name(), jobs));
        return Answer.json(
                200,
                body.put(
                        "total",
                        counts.values().stream().mapToLong(Long::longValue).sum()));
    }

    private static JobFilter filter(Exchange exchange) {
        OwnerId owner = JobAccess.ownerAsked(exchange);
        String text = exchange.query("q").orElse("");
        if (text.length() > LONGEST_TEXT) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"q\" is a part of a name, of at most " + LONGEST_TEXT + " characters.");
        }
        return new JobFilter(owner, statuses(exchange), text);
    }

    private static Set<JobStatus> statuses(Exchange exchange) {
        Set<JobStatus> statuses = EnumSet.noneOf(JobStatus.class);
        for (String status : exchange.query("status").orElse("").split(",", -1)) {
            if (!status.isBlank()) {
                statuses.add(Exchange.oneOf(
                        status.strip().toUpperCase(Locale.ROOT), List.of(JobStatus.values()), "\"status\""));
            }
        }
        return statuses;
    }

    private static JobId cursor(String text) {
        return JobId.parse(text).orElseThrow(Paging::wrongCursor);
    }
}
