/**
 * How results are put together for players: HLS and DASH texts over segments that the pipeline's steps made. What is known of the segments is in the steps' results
 * ({@link dev.claimcheck.playback.Picture}, {@link dev.claimcheck.playback.Sound}); {@link dev.claimcheck.playback.EarlyPlayback} lists what there is while a job is still going on, the
 * pipeline's last steps write the final texts. Nothing here touches media.
 */
@NullMarked
package dev.claimcheck.playback;

import org.jspecify.annotations.NullMarked;
