package dev.claimcheck.job;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How far a job is and what it does, from a view of it. Pure.
 *
 * <p>The probe takes the first 3 %, the planned steps 95 % in proportion to their cost, the finish the rest. A step counts with the
 * best of its attempts, so a retry never moves progress backwards.
 */
public final class JobProgress {
    private static final String PROBE = "metadata";
    private static final String FINISH = "finish";

    private JobProgress() {}

    /** Between 1 and 99.5 while the job is open, with one decimal. */
    public static double percent(JobView job) {
        List<StepView> planned = planned(job);
        if (planned.isEmpty()) {
            return rounded(1 + 2 * fraction(job, PROBE));
        }
        double cost = planned.stream().mapToDouble(StepView::cost).sum() + toBePlanned(planned);
        double done = planned.stream()
                .mapToDouble(step -> step.cost() * fraction(step))
                .sum();
        return rounded(3 + 95 * done / cost + 1.5 * fraction(job, FINISH));
    }

    /** What is happening now, for people. */
    public static String message(JobView job) {
        Optional<StepView> heaviest = job.steps().stream()
                .filter(step -> step.state() == StepState.RUNNING)
                .max(Comparator.comparingDouble(StepView::cost));
        if (heaviest.isPresent()) {
            return heaviest.get()
                    .message()
                    .orElseGet(() -> defaultMessage(heaviest.get().kind()));
        }
        Optional<StepView> retrying =
                job.steps().stream().filter(step -> step.retryAt().isPresent()).findFirst();
        return retrying.map(step -> "Waiting to try again: "
                        + step.error().map(StepError::message).orElse("there was trouble around this step"))
                .orElse(job.status() == JobStatus.PENDING ? "Waiting for its turn" : "Waiting for a free worker");
    }

    private static String defaultMessage(String kind) {
        return switch (kind) {
            case PROBE -> "Reading the file";
            case "fingerprint" -> "Checking the upload";
            case "transcode", "audio" -> "Transcoding";
            case "thumbnail" -> "Making the poster";
            case "index" -> "Looking for the places to cut";
            case "storyboard", "storyboard_sheet" -> "Making the storyboard";
            case "subtitles" -> "Reading the subtitles";
            case "waveform" -> "Drawing the waveform";
            case "package" -> "Packaging the download";
            case FINISH -> "Finishing";
            default -> "Working";
        };
    }

    private static List<StepView> planned(JobView job) {
        return job.steps().stream()
                .filter(step -> !step.kind().equals(PROBE) && !step.kind().equals(FINISH))
                .toList();
    }

    /** Compute-seconds of what is known to come though its steps do not exist yet; without it progress would fall when they do. */
    private static double toBePlanned(List<StepView> steps) {
        return steps.stream()
                .filter(step -> step.state() != StepState.SUCCEEDED)
                .mapToDouble(StepView::plansCost)
                .sum();
    }

    private static double fraction(JobView job, String kind) {
        return job.steps().stream()
                .filter(step -> step.kind().equals(kind))
                .mapToDouble(JobProgress::fraction)
                .sum();
    }

    private static double fraction(StepView step) {
        return switch (step.state()) {
            case SUCCEEDED, SKIPPED -> 1;
            case FAILED, CANCELLED -> step.required() ? 0 : 1;
            case WAITING, READY, RUNNING -> Math.clamp(step.fraction(), 0, 1);
        };
    }

    private static double rounded(double percent) {
        return Math.round(Math.clamp(percent, 1, 99.5) * 10) / 10.0;
    }
}
