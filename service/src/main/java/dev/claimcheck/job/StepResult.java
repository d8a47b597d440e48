package dev.claimcheck.job;

/**
 * What a step that succeeded left for later ones.
 *
 * @param step its name
 * @param kind of step
 * @param json as the step wrote it
 */
public record StepResult(String step, String kind, String json) {}
