package dev.claimcheck.media;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The profiles that jobs may ask for. Immutable. */
public final class Profiles {
    /** The profile of jobs that ask for none. */
    public static final String DEFAULT = "web";

    private static final List<Profile> BUILT_IN = List.of(
            Profile.usual(DEFAULT, VideoCodec.H264, AudioCodec.AAC),
            Profile.usual("web-hevc", VideoCodec.HEVC, AudioCodec.AAC),
            Profile.usual("web-av1", VideoCodec.AV1, AudioCodec.OPUS),
            Profile.usual("audio", VideoCodec.NONE, AudioCodec.AAC),
            new Profile("preview", VideoCodec.H264, AudioCodec.AAC, List.of(480), 26, "superfast", 60, 96_000));

    private final SortedMap<String, Profile> byName = new TreeMap<>();

    private Profiles(Collection<Profile> profiles) {
        profiles.forEach(profile -> byName.put(profile.name(), profile));
    }

    /** Those that are there without any configuration. */
    public static Profiles builtIn() {
        return new Profiles(BUILT_IN);
    }

    /** These and the given ones; one of the same name takes the other's place. */
    public Profiles with(Collection<Profile> others) {
        Profiles both = new Profiles(byName.values());
        others.forEach(profile -> both.byName.put(profile.name(), profile));
        return both;
    }

    /** The profile of that name. */
    public Optional<Profile> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Their names in order. */
    public SortedSet<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** All of them, by name. */
    public List<Profile> all() {
        return List.copyOf(byName.values());
    }
}
