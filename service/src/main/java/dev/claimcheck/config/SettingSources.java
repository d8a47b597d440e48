package dev.claimcheck.config;

import dev.claimcheck.media.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The raw texts of settings, gathered from flags, environment and file; remembers where each came from. */
final class SettingSources {
    private final Map<Setting, Text> texts = new EnumMap<>(Setting.class);
    private final Map<String, Map<ProfileSetting, Text>> profiles = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();

    /** A value and where it was found, for messages. */
    record Text(String value, String origin) {}

    static SettingSources gather(Map<String, String> flags, Map<String, String> environment, Optional<Path> file) {
        SettingSources sources = new SettingSources();
        file.ifPresent(sources::readFile);
        for (Setting setting : Setting.values()) {
            String value = environment.get(setting.environmentVariable());
            if (value != null) {
                sources.texts.put(setting, new Text(value, setting.environmentVariable()));
            }
        }
        environment.forEach((variable, value) ->
                ProfileSetting.keyOfVariable(variable).ifPresent(key -> sources.put(key, value, variable)));
        flags.forEach((key, value) -> sources.put(key, value, "--set " + key));
        return sources;
    }

    Optional<Text> text(Setting setting) {
        return Optional.ofNullable(texts.get(setting));
    }

    /** What is said of profiles, by their names. */
    Map<String, Map<ProfileSetting, Text>> profiles() {
        return profiles;
    }

    List<String> problems() {
        return problems;
    }

    private void readFile(Path file) {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (root.isObject()) {
                flatten("", root, file);
            } else if (!root.isMissingNode() && !root.isNull()) {
                problems.add(file + ": is not a map of settings; example:\n      port: 8080");
            }
        } catch (IOException e) {
            problems.add(file + ": cannot be read (" + e.getClass().getSimpleName()
                    + "); give it to this user or leave --config out");
        } catch (JacksonException e) {
            problems.add(file + ": is not YAML at line "
                    + Optional.ofNullable(e.getLocation())
                            .map(at -> at.getLineNr())
                            .orElse(0) + "; example:\n      port: 8080");
        }
    }

    private void flatten(String prefix, JsonNode node, Path file) {
        node.forEachEntry((name, value) -> {
            String key = prefix + name;
            if (value.isObject()) {
                flatten(key + ".", value, file);
            } else if (value.isArray()) {
                put(
                        key,
                        String.join(
                                ", ",
                                value.valueStream().map(JsonNode::asString).toList()),
                        file.toString());
            } else if (!value.isNull()) {
                put(key, value.asString(), file.toString());
            }
        });
    }

    private void put(String key, String value, String origin) {
        if (key.startsWith(ProfileSetting.PREFIX)) {
            putOfProfile(key, value, origin);
            return;
        }
        Setting.ofKey(key)
                .ifPresentOrElse(
                        setting -> texts.put(setting, new Text(value, origin)),
                        () -> problems.add(key + " (" + origin + "): there is no such setting; did you mean "
                                + nearest(key, Arrays.stream(Setting.values()).map(Setting::key)) + "?"));
    }

    private void putOfProfile(String key, String value, String origin) {
        int dot = key.lastIndexOf('.');
        String name = dot < ProfileSetting.PREFIX.length() ? "" : key.substring(ProfileSetting.PREFIX.length(), dot);
        String part = key.substring(dot + 1);
        if (!Profile.isName(name)) {
            problems.add(
                    key + " (" + origin + "): is not " + ProfileSetting.PREFIX
                            + "NAME.KEY with a name of 1 to 32 lower-case letters, digits and dashes; example: profiles.archive.crf");
            return;
        }
        ProfileSetting.ofKey(part)
                .ifPresentOrElse(
                        setting -> profiles.computeIfAbsent(name, _ -> new EnumMap<>(ProfileSetting.class))
                                .put(setting, new Text(value, origin)),
                        () -> problems.add(key + " (" + origin
                                + "): there is no such setting of a profile; did you mean "
                                + ProfileSetting.PREFIX + name + "."
                                + nearest(
                                        part,
                                        Arrays.stream(ProfileSetting.values()).map(ProfileSetting::key))
                                + "?"));
    }

    private static String nearest(String key, Stream<String> known) {
        return known.min(Comparator.comparingInt(name -> distance(name, key))).orElseThrow();
    }

    /** Levenshtein distance. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        Arrays.setAll(previous, column -> column);
        for (int row = 1; row <= left.length(); row++) {
            int[] current = new int[right.length() + 1];
            current[0] = row;
            for (int column = 1; column <= right.length(); column++) {
                int replaced = previous[column - 1] + (left.charAt(row - 1) == right.charAt(column - 1) ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
