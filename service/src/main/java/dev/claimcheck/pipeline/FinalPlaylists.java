package dev.claimcheck.pipeline;

import dev.claimcheck.media.HlsSubtitles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SubtitleTrack;
import dev.claimcheck.media.VideoFilters;
import dev.claimcheck.playback.DashManifest;
import dev.claimcheck.playback.HlsPlaylists;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.playback.Sound;
import dev.claimcheck.playback.Variant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The playlists and the manifest of a finished video. */
final class FinalPlaylists {
    private FinalPlaylists() {}

    static void add(
            SegmentPublisher publisher, Presentation presentation, SourceInfo source, List<SubtitleTrack> subtitles) {
        double frameRate = source.video()
                .map(video -> Math.min(video.frameRate(), VideoFilters.MOST_FRAMES_PER_SECOND))
                .orElse(0.0);
        List<Variant> variants = new ArrayList<>();
        for (Picture.Track track : presentation.renditions()) {
            publisher.addText("hls/" + track.name() + "/playlist.m3u8", media(presentation.pieces(track.name())));
            variants.add(presentation.variant(track, frameRate));
        }
        Optional<Sound> sound =
                presentation.sound().filter(made -> !made.pieces().isEmpty());
        sound.ifPresent(made -> publisher.addText("hls/audio/playlist.m3u8", media(made.pieces())));
        long peak = sound.map(Sound::peakBitRate).orElse(0L);
        long average = sound.map(Sound::averageBitRate).orElse(0L);
        publisher.addText(
                "hls/master.m3u8",
                variants.isEmpty()
                        ? HlsPlaylists.audioOnlyMaster(sound.map(Sound::codec).orElseThrow(), peak, average)
                        : HlsPlaylists.master(
                                variants,
                                sound.map(Sound::codec),
                                peak,
                                average,
                                HlsSubtitles.mediaLines(subtitles),
                                HlsSubtitles.attribute(subtitles)));
        publisher.addText(
                "dash/manifest.mpd",
                DashManifest.of(variants, presentation.pieces(), sound, peak, "../hls/"),
                DashManifest.CONTENT_TYPE);
    }

    /** Each piece is listed until the next one starts, also over a gap that a damaged source left. */
    private static String media(List<Piece> pieces) {
        List<HlsPlaylists.Entry> entries = new ArrayList<>();
        for (int index = 0; index < pieces.size(); index++) {
            Piece piece = pieces.get(index);
            double seconds =
                    index + 1 < pieces.size() ? pieces.get(index + 1).start() - piece.start() : piece.seconds();
            entries.add(new HlsPlaylists.Entry("init.mp4", Presentation.fileName(piece.number()), seconds));
        }
        return HlsPlaylists.media(entries, true);
    }
}
