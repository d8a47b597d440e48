package dev.claimcheck.http;

import java.time.Duration;

/**
 * How slow a body may come.
 *
 * @param bytesPerSecond least rate; 0 for any
 * @param measuredOver the time that the rate is averaged over
 * @param longest time that one request may take
 */
public record BodyLimits(long bytesPerSecond, Duration measuredOver, Duration longest) {}
