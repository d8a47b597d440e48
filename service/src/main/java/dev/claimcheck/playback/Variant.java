package dev.claimcheck.playback;

/**
 * One size of a video in a master playlist.
 *
 * @param codec of the picture (RFC 6381)
 * @param frameRate frames per second; 0 where unknown
 * @param peakBitRate bits per second, of the picture alone
 * @param averageBitRate bits per second, of the picture alone
 */
public record Variant(
        String name, int width, int height, String codec, double frameRate, long peakBitRate, long averageBitRate) {}
