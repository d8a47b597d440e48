package dev.claimcheck.pipeline;

import dev.claimcheck.media.LanguageTag;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.Purpose;
import dev.claimcheck.media.TrackName;
import dev.claimcheck.playback.AudioTrack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** What becomes of a source's tracks of sound. Pure. */
final class AudioTracks {
    /** Films have one in each of a few languages; a file with dozens would be encoded for hours that nobody listens to. */
    static final int MOST = 8;

    private AudioTracks() {}

    /** The tracks that are offered, the default first; number n is the source's track n - 1. */
    static List<AudioTrack> of(SourceInfo source) {
        List<AudioTrack> tracks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> chosenByThemselves = new HashSet<>();
        for (AudioStream stream : source.audioTracks().stream().limit(MOST).toList()) {
            int number = tracks.size() + 1;
            String language = LanguageTag.of(stream.language());
            AudioTrack.Role role = role(stream.purpose(), number);
            String said = name(stream, language, number, source.audioTracks().size());
            String name = names.contains(said) ? said + " (" + number + ")" : said;
            names.add(name);
            // Of those that are alike in what a player chooses by, it may choose only one (RFC 8216, 4.3.4.1.1).
            boolean autoSelect = role != AudioTrack.Role.COMMENTARY
                    && chosenByThemselves.add(language + (role == AudioTrack.Role.DESCRIPTION));
            tracks.add(new AudioTrack(number, language, name, Math.min(stream.channels(), 2), role, autoSelect));
        }
        return List.copyOf(tracks);
    }

    /** All of the source's tracks, as the job's owner reads them; those beyond the most are named too, and not delivered. */
    static ArrayNode describe(SourceInfo source) {
        List<AudioTrack> offered = of(source);
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (int index = 0; index < source.audioTracks().size(); index++) {
            AudioStream stream = source.audioTracks().get(index);
            boolean isOffered = index < offered.size();
            array.addObject()
                    .put("codec", stream.codec())
                    .put("channels", stream.channels())
                    .put("layout", stream.layout())
                    .put("sample_rate", stream.sampleRate())
                    .put("language", LanguageTag.of(stream.language()))
                    .put(
                            "name",
                            isOffered
                                    ? offered.get(index).name()
                                    : name(stream, LanguageTag.of(stream.language()), index + 1, 2))
                    .put("purpose", stream.purpose().name().toLowerCase(Locale.ROOT))
                    .put("delivered", isOffered);
        }
        return array;
    }

    private static AudioTrack.Role role(Purpose purpose, int number) {
        return switch (purpose) {
            case COMMENTARY -> AudioTrack.Role.COMMENTARY;
            case DESCRIPTION -> AudioTrack.Role.DESCRIPTION;
            case DUB -> number == 1 ? AudioTrack.Role.MAIN : AudioTrack.Role.DUB;
            case PROGRAMME -> number == 1 ? AudioTrack.Role.MAIN : AudioTrack.Role.ALTERNATE;
        };
    }

    /** The file's own title; else the language and what is special about it. */
    private static String name(AudioStream stream, String language, int number, int count) {
        String title = TrackName.of(stream.title());
        if (!title.isEmpty()) {
            return title;
        }
        String unknown = count == 1 ? "Sound" : "Sound " + number;
        String what = language.equals(LanguageTag.UNKNOWN)
                ? unknown
                : Locale.forLanguageTag(language).getDisplayName(Locale.ENGLISH);
        return switch (stream.purpose()) {
            case COMMENTARY -> what + " (commentary)";
            case DESCRIPTION -> what + " (audio description)";
            case DUB, PROGRAMME -> what;
        };
    }
}
