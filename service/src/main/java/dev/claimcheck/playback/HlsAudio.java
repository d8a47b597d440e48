package dev.claimcheck.playback;

import java.util.List;

/** The tracks of the sound in an HLS master playlist (RFC 8216, 4.3.4.1): one group, of which the first track is the default. Pure. */
final class HlsAudio {
    private static final String GROUP = "audio";

    private HlsAudio() {}

    /** One {@code EXT-X-MEDIA} line for each track; empty without tracks. */
    static String mediaLines(List<AudioTrack> tracks) {
        StringBuilder text = new StringBuilder();
        for (AudioTrack track : tracks) {
            boolean isDefault = track.equals(tracks.getFirst());
            text.append("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"" + GROUP + "\",NAME=\"")
                    .append(track.name())
                    .append('"')
                    .append(track.hasLanguage() ? ",LANGUAGE=\"" + track.language() + '"' : "")
                    .append(isDefault ? ",DEFAULT=YES" : ",DEFAULT=NO")
                    .append(isDefault || track.autoSelect() ? ",AUTOSELECT=YES" : ",AUTOSELECT=NO")
                    .append(
                            track.role() == AudioTrack.Role.DESCRIPTION
                                    ? ",CHARACTERISTICS=\"public.accessibility.describes-video\""
                                    : "")
                    .append(",CHANNELS=\"")
                    .append(track.channels())
                    .append("\",URI=\"")
                    .append(track.folder())
                    .append("/playlist.m3u8\"\n");
        }
        return text.toString();
    }

    /** What a variant that is heard with these tracks says of them. */
    static String attribute(List<AudioTrack> tracks) {
        return tracks.isEmpty() ? "" : ",AUDIO=\"" + GROUP + "\"";
    }
}
