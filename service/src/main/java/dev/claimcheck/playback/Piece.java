package dev.claimcheck.playback;

/**
 * A segment as a playlist lists it.
 *
 * @param number of it in the whole, from 1
 * @param start seconds from the start of the video
 * @param seconds until the next one starts, or until the end
 * @param samples frames of a picture, packets of sound
 * @param length seconds that its samples last by their own account
 */
public record Piece(int number, double start, double seconds, int samples, double length) {}
