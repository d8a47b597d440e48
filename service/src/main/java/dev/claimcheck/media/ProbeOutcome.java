package dev.claimcheck.media;

/** What a look at a source brought. */
public sealed interface ProbeOutcome {
    /** It can be worked on. */
    record Understood(SourceInfo source) implements ProbeOutcome {}

    /**
     * It cannot, for good.
     *
     * @param code stable, for programs
     * @param message for the user: what happened, then what to do
     * @param detail ffprobe's own words; may be empty
     */
    record Refused(String code, String message, String detail) implements ProbeOutcome {}

    /** It could not be looked at; how the look ended. */
    record Interrupted(ProcessResult result) implements ProbeOutcome {}
}
