package dev.claimcheck.watermark;

import java.time.Instant;
import java.util.UUID;

/**
 * An uploaded picture.
 *
 * @param width in pixels
 * @param size in bytes
 */
public record Watermark(UUID id, String contentType, int width, int height, long size, Instant createdAt) {}
