package dev.claimcheck.estimate;

import dev.claimcheck.job.QueueName;
import java.util.List;
import java.util.Optional;

/**
 * Something of a job that is still to be done, as the schedule sees it. Immutable.
 *
 * @param id of it; others need it by that
 * @param needs ids of tasks that come before
 * @param running whether it has its lane already; {@code duration} is then what is left of it
 * @param place where it stands in the line of its queue; empty where it does not yet
 * @param notBefore seconds from now: a retry waits
 * @param cost in compute-seconds, for its place in the line when it comes to stand there
 */
record Task(
        long id,
        QueueName queue,
        List<Long> needs,
        boolean running,
        Optional<Backlog.Place> place,
        double notBefore,
        double cost,
        UncertainTime duration) {
    Task {
        needs = List.copyOf(needs);
    }
}
