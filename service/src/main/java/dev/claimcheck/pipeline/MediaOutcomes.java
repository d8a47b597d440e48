package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.ProcessResult;

/** Tells input at fault from trouble around it, by how ffmpeg ended. */
final class MediaOutcomes {
    private MediaOutcomes() {}

    /** The outcome of a step whose ffmpeg did not succeed. */
    static StepOutcome failure(ProcessResult result, String doing) {
        return switch (result.ending()) {
            case ERROR ->
                new StepOutcome.FailedForGood(new StepError(
                        "undecodable",
                        "The video could not be read to its end while " + doing
                                + ": it is damaged. Check that it plays on your computer and upload it again.",
                        result.usefulLine(),
                        result.log()));
            case INPUT_LOST ->
                new StepOutcome.RetryLater(new StepError(
                        "storage_trouble",
                        "The storage stopped answering while " + doing + ". It is tried again.",
                        result.usefulLine(),
                        result.log()));
            case OUTPUT_TOO_LARGE ->
                new StepOutcome.FailedForGood(new StepError(
                        "output_too_large",
                        "The results would be larger than this service allows. Cut the video into parts.",
                        result.usefulLine(),
                        result.log()));
            case TOO_DEMANDING ->
                new StepOutcome.FailedForGood(new StepError(
                        "too_demanding",
                        "The video asked for more memory or processor time than this service gives one, while " + doing
                                + ". Export it smaller or cut it into parts, and upload that.",
                        result.usefulLine(),
                        result.log()));
            case KILLED ->
                new StepOutcome.RetryLater(new StepError(
                        "process_killed",
                        "The work was interrupted while " + doing + ". It is tried again.",
                        "exit code " + result.exitCode() + " " + result.usefulLine(),
                        result.log()));
            case TIMED_OUT ->
                new StepOutcome.RetryLater(new StepError(
                        "no_progress",
                        "There was no progress for too long while " + doing + ". It is tried again.",
                        result.usefulLine(),
                        result.log()));
            case DISK_FULL ->
                new StepOutcome.RetryLater(new StepError(
                        "storage_full",
                        "The disk is full. It is tried again when there is space.",
                        result.usefulLine(),
                        result.log()));
            case SUCCESS -> throw new IllegalArgumentException("nothing failed");
        };
    }
}
