package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobQuery;
import java.util.List;
import java.util.Locale;

/** Jobs by what people read out: the whole id, or its last 8 digits. */
final class JobIds {
    static final String WHAT = "Id of the job, or its last 8 digits.";

    private static final int SHORT = 8;

    private JobIds() {}

    /** The whole id. What is no end of an id of one's own jobs is left to the service to judge. */
    static String whole(ClaimcheckClient client, String text) throws InterruptedException {
        String end = text.toLowerCase(Locale.ROOT);
        if (!end.matches("[0-9a-f]{" + SHORT + "}")) {
            return text;
        }
        List<String> found = client.jobs()
                .page(JobQuery.ALL.withText(end).withLimit(200))
                .path("jobs")
                .valueStream()
                .map(job -> job.path("job_id").asString(""))
                .filter(id -> id.endsWith(end))
                .toList();
        if (found.size() > 1) {
            throw new ServiceOptions.InvalidOptionException(
                    "Several jobs end with " + text + ": " + String.join(", ", found) + ". Give the whole id.");
        }
        return found.isEmpty() ? text : found.getFirst();
    }

    /** As people read it out. */
    static String brief(String id) {
        return id.length() > SHORT ? id.substring(id.length() - SHORT) : id;
    }
}
