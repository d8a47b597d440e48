package dev.claimcheck.pipeline;

import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.media.VideoEncoder;
import dev.claimcheck.playback.HlsPlaylists;
import dev.claimcheck.playback.Sound;
import dev.claimcheck.playback.Variant;
import java.util.List;
import java.util.Optional;

/** The master playlist of a video of which only the beginning is there: what its sizes will be like is known before they are made. Pure. */
final class EarlyMaster {
    private EarlyMaster() {}

    static String of(TranscodeTask task, List<Rendition> ladder, Optional<Sound> sound) {
        List<Variant> variants = ladder.stream()
                .map(rendition -> new Variant(
                        rendition.name(),
                        rendition.width(),
                        rendition.height(),
                        VideoEncoder.codec(task.profile(), rendition, task.frameRate()),
                        task.frameRate(),
                        rendition.maxBitRate(),
                        rendition.maxBitRate()))
                .toList();
        long soundBitRate = sound.isPresent() ? task.profile().audioBitRate() : 0;
        return HlsPlaylists.master(
                variants,
                AudioTracks.of(task.source()).stream()
                        .limit(sound.isPresent() ? 1 : 0)
                        .toList(),
                sound.map(Sound::codec),
                soundBitRate,
                soundBitRate,
                "",
                "");
    }
}
