package dev.claimcheck.pipeline;

import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.VideoCodec;
import dev.claimcheck.media.VideoEncoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a chunk's sizes under their caps where the encoder does not ({@link VideoCodec#keepsCapInChunks}): what came out too large is made again, by itself, at a higher rate factor. So what is below its cap does not depend on where the
 * source was cut. A segment may hold what the cap lets through while it is shown and the decoder's full buffer, as with encoders that see to it themselves. For one chunk; not thread-safe.
 */
final class BitRateCap {
    /** So many steps of SVT-AV1's rate factor halve the bits: 3 to 13 did with three clips at 36 to 60. */
    private static final double STEPS_TO_HALF = 8;

    /** What is still too large after as many tries stays so: it is the source's nature. */
    private static final int MOST_TRIES = 3;

    private final TranscodeTask task;
    private final Map<Rendition, Integer> tries = new HashMap<>();
    private final Map<Rendition, Integer> crfs = new HashMap<>();

    BitRateCap(TranscodeTask task) {
        this.task = task;
    }

    /** What is to be made again because of what came out; empty where all is well. */
    Optional<TranscodeTask> next(MadeSegments made) {
        Profile profile = task.profile();
        if (task.chunk().isEmpty() || profile.video().keepsCapInChunks()) {
            return Optional.empty();
        }
        for (Rendition rendition : task.renditions()) {
            double share = share(rendition, made.track(rendition));
            int crf = crfs.getOrDefault(rendition, profile.crf());
            int higher = Math.min(crf + steps(share), profile.video().mostCrf());
            if (higher > crf
                    && VideoEncoder.codecOf(profile, rendition) == profile.video()
                    && tries.merge(rendition, 1, Integer::sum) <= MOST_TRIES) {
                crfs.put(rendition, higher);
                return Optional.of(task.again(rendition, higher));
            }
        }
        return Optional.empty();
    }

    private static int steps(double share) {
        return share <= 1 ? 0 : (int) Math.ceil(STEPS_TO_HALF * Math.log(share) / Math.log(2));
    }

    /** Of what the fullest segment may hold, as much as it does. */
    private static double share(Rendition rendition, CmafTrack track) {
        List<CmafTrack.Segment> segments = track.segments();
        return segments.stream()
                .mapToDouble(segment -> {
                    double seconds = (double) segment.length() / track.timescale();
                    return segment.bytes()
                            * 8
                            / (rendition.maxBitRate() * seconds + VideoEncoder.bufferBits(rendition));
                })
                .max()
                .orElse(0);
    }
}
