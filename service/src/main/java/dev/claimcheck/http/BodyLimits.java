package dev.claimcheck.http;

import java.time.Duration;

/**
 * How slow a body may come.
 *
 * @param bytesPerSecond least rate, averaged over half a minute; 0 for any
 * @param longest time that one request may take
 */
public record BodyLimits(long bytesPerSecond, Duration longest) {}
