package dev.claimcheck.estimate;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What can be said of an open job's future.
 *
 * @param completion when it will be done; empty where nobody works on such steps, or the backlog is too long to be looked at
 * @param queuePosition where nothing of the job runs: 1 when its step is the next one to be claimed in its queue, and so on
 */
public record Outlook(Optional<Forecast> completion, OptionalInt queuePosition) {
    /** Nothing: the job has ended, or has not come yet. */
    public static final Outlook NONE = new Outlook(Optional.empty(), OptionalInt.empty());

    /** Does not change what was said for the sake of a difference that nobody would notice. */
    public Outlook settled(Outlook said, Instant now) {
        boolean alike = completion.isPresent()
                && said.completion.isPresent()
                && said.completion.get().isLike(completion.get(), now);
        return alike ? new Outlook(said.completion, queuePosition) : this;
    }
}
