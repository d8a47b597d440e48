package dev.claimcheck.pipeline;

import dev.claimcheck.media.HlsSubtitles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SubtitleTrack;
import dev.claimcheck.media.VideoFilters;
import dev.claimcheck.playback.AudioTrack;
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
        List<AudioTrack> tracks = TranscodedTracks.sounds(presentation, source);
        List<Sound> sounds = tracks.stream()
                .map(track -> presentation.sound(track.number()).orElseThrow())
                .toList();
        for (int index = 0; index < tracks.size(); index++) {
            publisher.addText(
                    "hls/" + tracks.get(index).folder() + "/playlist.m3u8",
                    media(sounds.get(index).pieces()));
        }
        Optional<String> codec = sounds.stream().findFirst().map(Sound::codec);
        long peak = sounds.stream().mapToLong(Sound::peakBitRate).max().orElse(0);
        long average = sounds.stream().mapToLong(Sound::averageBitRate).max().orElse(0);
        publisher.addText(
                "hls/master.m3u8",
                variants.isEmpty()
                        ? HlsPlaylists.audioOnlyMaster(tracks, codec.orElseThrow(), peak, average)
                        : HlsPlaylists.master(
                                variants,
                                tracks,
                                codec,
                                peak,
                                average,
                                HlsSubtitles.mediaLines(subtitles),
                                HlsSubtitles.attribute(subtitles)));
        publisher.addText(
                "dash/manifest.mpd",
                DashManifest.of(variants, presentation.pieces(), tracks, sounds, "../hls/"),
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
