package dev.claimcheck.media;

import java.time.Duration;

/** One report of {@code -progress}: how much output there is, in time and in frames. */
public record FfmpegProgress(Duration outTime, long frames) {}
