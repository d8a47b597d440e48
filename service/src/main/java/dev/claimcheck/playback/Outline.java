package dev.claimcheck.playback;

import java.util.List;

/**
 * What a plan says of the video that will be made: a part of the planning step's result.
 *
 * @param ladder names of its sizes, largest first
 * @param pieces it will have; 0 while that is not known
 * @param longest seconds of the longest of them; 0 while that is not known
 * @param whole whether everything has been made: what is not there now never will be
 */
public record Outline(List<String> ladder, int pieces, double longest, boolean whole) {
    public Outline {
        ladder = List.copyOf(ladder);
    }
}
