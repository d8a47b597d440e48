package dev.claimcheck.http;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.StepError;
import tools.jackson.databind.node.ObjectNode;

/** On whose behalf a request reaches for a job: everybody for their own, the admin for whoever owns it. */
final class JobAccess {
    private final JobQueries jobs;

    JobAccess(JobQueries jobs) {
        this.jobs = jobs;
    }

    /** The owner whose job the path names. Where the job does not exist it is the one who asks, who then learns just that. */
    OwnerId ownerOf(Exchange exchange) {
        JobId id = exchange.jobId();
        OwnerId own = exchange.principal().owner();
        return exchange.principal().isAdmin() ? jobs.ownerOf(id).orElse(own) : own;
    }

    /** The owner that {@code ?owner=} names, which is for the admin; else the one who asks. */
    static OwnerId ownerAsked(Exchange exchange) {
        OwnerId own = exchange.principal().owner();
        String named = exchange.query("owner").orElse(own.value());
        if (named.equals(own.value())) {
            return own;
        }
        exchange.admin();
        return owner(named);
    }

    /** The owner of that name. */
    static OwnerId owner(String name) {
        if (name.isEmpty() || name.length() > 128) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"owner\" must be a name of 1 to 128 characters. GET /access/owners lists them.");
        }
        return new OwnerId(name);
    }

    static void put(ObjectNode json, StepError error) {
        json.putObject("error")
                .put("code", error.code())
                .put("message", error.message())
                .put("detail", error.detail());
    }
}
