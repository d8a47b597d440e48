package dev.claimcheck.media;

/**
 * One version of the picture.
 *
 * @param name of its folder, such as {@code 720p}
 * @param maxBitRate cap in bits per second
 */
public record Rendition(String name, int width, int height, long maxBitRate) {
    /** The same picture under another cap. */
    Rendition withMaxBitRate(long bitsPerSecond) {
        return new Rendition(name, width, height, bitsPerSecond);
    }
}
