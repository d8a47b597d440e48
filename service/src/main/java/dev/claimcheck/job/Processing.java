package dev.claimcheck.job;

/**
 * What is to be made of a source; a part of a job's identity.
 *
 * @param profile the name of a profile
 * @param options what is asked for beside it
 */
public record Processing(String profile, JobOptions options) {}
