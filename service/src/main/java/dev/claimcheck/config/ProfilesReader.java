package dev.claimcheck.config;

import dev.claimcheck.config.SettingSources.Text;
import dev.claimcheck.media.AudioCodec;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.VideoCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads profiles: what is not said of one is as in the built-in profile of that name, or as usual for its codecs. */
final class ProfilesReader {
    private final List<String> problems;

    ProfilesReader(List<String> problems) {
        this.problems = problems;
    }

    /** The built-in profiles with what is set of them, and those that were added. */
    Profiles read(Map<String, Map<ProfileSetting, Text>> texts) {
        List<Profile> profiles = new ArrayList<>();
        texts.forEach((name, settings) -> profile(name, settings).ifPresent(profiles::add));
        return Profiles.builtIn().with(profiles);
    }

    private Optional<Profile> profile(String name, Map<ProfileSetting, Text> texts) {
        int before = problems.size();
        Profile builtIn = Profiles.builtIn()
                .find(name)
                .orElseGet(() -> Profiles.builtIn().find(Profiles.DEFAULT).orElseThrow());
        VideoCodec video = value(name, texts, ProfileSetting.VIDEO, VideoCodec::ofName, builtIn.video());
        AudioCodec audio = value(name, texts, ProfileSetting.AUDIO, AudioCodec::ofName, builtIn.audio());
        Profile usual = video == builtIn.video() ? builtIn : Profile.usual(builtIn.name(), video, audio);
        int usualSound = audio == usual.audio() ? usual.audioBitRate() : audio.usualBitRate();
        List<Integer> sides = value(name, texts, ProfileSetting.RENDITIONS, ProfilesReader::sides, usual.shortSides());
        int crf = value(name, texts, ProfileSetting.CRF, ProfilesReader::number, usual.crf());
        String preset = value(name, texts, ProfileSetting.PRESET, String::strip, usual.preset());
        int percent =
                value(name, texts, ProfileSetting.BIT_RATE_PERCENT, ProfilesReader::number, usual.bitRatePercent());
        int sound = value(name, texts, ProfileSetting.AUDIO_BIT_RATE, ProfilesReader::number, usualSound);
        if (problems.size() > before) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Profile(name, video, audio, sides, crf, preset, percent, sound));
        } catch (Profile.Invalid e) {
            Optional<Text> culprit = ProfileSetting.ofKey(e.part()).map(texts::get);
            problems.add(ProfileSetting.PREFIX + name + "." + e.part()
                    + culprit.map(text -> " (" + text.origin() + "): '" + text.value() + "' ")
                            .orElse(": ")
                    + e.getMessage()
                    + ProfileSetting.ofKey(e.part())
                            .map(setting -> "; example: " + example(setting, video))
                            .orElse("; example: profiles.archive.crf: 18"));
            return Optional.empty();
        }
    }

    private <T> T value(
            String profile,
            Map<ProfileSetting, Text> texts,
            ProfileSetting setting,
            Function<String, T> parser,
            T usual) {
        Text text = texts.get(setting);
        if (text == null) {
            return usual;
        }
        try {
            return parser.apply(text.value());
        } catch (IllegalArgumentException e) {
            problems.add(ProfileSetting.PREFIX + profile + "." + setting.key() + " (" + text.origin() + "): '"
                    + text.value() + "' " + e.getMessage() + "; example: " + setting.example());
            return usual;
        }
    }

    private static String example(ProfileSetting setting, VideoCodec video) {
        return setting == ProfileSetting.PRESET ? video.usualPreset() : setting.example();
    }

    private static int number(String text) {
        if (!text.strip().matches("\\d{1,7}")) {
            throw new IllegalArgumentException("is not a whole number");
        }
        return Integer.parseInt(text.strip());
    }

    private static List<Integer> sides(String text) {
        if (text.strip().equals("auto")) {
            return List.of();
        }
        if (!text.strip().matches("\\d{1,5}(\\s*,\\s*\\d{1,5})*")) {
            throw new IllegalArgumentException("is neither `auto` nor a list of pixels");
        }
        return Arrays.stream(text.strip().split("\\s*,\\s*", -1))
                .map(Integer::parseInt)
                .toList();
    }
}
