package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The playlists of a video that is being made, fetched again and again: what they once said must stay, and no size may be ahead of another (RFC 8216, 6.2.1). Polling is done by one
 * thread; what was found is read once it has finished.
 */
final class GrowingPlaylists {
    private final Api api;
    private final List<String> sizes = new ArrayList<>();
    private final List<String> playlists = new ArrayList<>();
    private final Map<String, List<String>> last = new HashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Set<Integer> lengths = new LinkedHashSet<>();

    GrowingPlaylists(Api api, String master) {
        this.api = api;
        List<String> lines = HlsCheck.lines(api, master);
        for (String line : lines) {
            if (line.startsWith("#EXT-X-MEDIA:")) {
                playlists.add(HlsCheck.resolve(master, HlsCheck.attributes(line).getOrDefault("URI", "")));
            } else if (!line.startsWith("#")) {
                sizes.add(HlsCheck.resolve(master, line));
            }
        }
        playlists.addAll(sizes);
        assertThat(sizes).isNotEmpty();
        assertThat(playlists).hasSize(sizes.size() + 1);
    }

    List<String> sizes() {
        return sizes;
    }

    List<String> playlists() {
        return playlists;
    }

    List<String> faults() {
        return faults;
    }

    /** How many segments were listed, in the order in which that was seen. */
    Set<Integer> lengthsSeen() {
        return lengths;
    }

    String read(String playlist) {
        return String.join("\n", HlsCheck.lines(api, playlist));
    }

    /** A poller at work. */
    final class Poller implements AutoCloseable {
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private volatile boolean isDone;

        /** One more round, then the end. */
        void finish() throws InterruptedException {
            isDone = true;
            thread.join();
        }

        @Override
        public void close() {
            isDone = true;
        }

        private void run() {
            boolean more = true;
            while (more) {
                more = !isDone;
                try {
                    round();
                } catch (RuntimeException | AssertionError e) {
                    faults.add(e.toString());
                }
            }
        }
    }

    Poller poll() {
        Poller poller = new Poller();
        poller.thread.start();
        return poller;
    }

    /** Every playlist once, and the first size once more: what the others list lies between. */
    private void round() {
        int before = look(sizes.getFirst());
        lengths.add(before);
        List<Integer> others = sizes.stream().skip(1).map(this::look).toList();
        playlists.stream().filter(one -> !sizes.contains(one)).forEach(this::look);
        int after = look(sizes.getFirst());
        for (int other : others) {
            if (other < before || other > after) {
                faults.add("a size lists " + other + " segments, the first one " + before + ", then " + after);
            }
        }
    }

    /** How many segments it lists. */
    private int look(String playlist) {
        List<String> now = HlsCheck.lines(api, playlist);
        List<String> before = last.getOrDefault(playlist, List.of());
        List<String> kept = listed(before);
        List<String> listed = listed(now);
        if (listed.size() < kept.size() || !listed.subList(0, kept.size()).equals(kept)) {
            faults.add(
                    "what was listed has changed:\n" + String.join("\n", before) + "\nnow:\n" + String.join("\n", now));
        }
        if (before.contains("#EXT-X-ENDLIST") && !now.equals(before)) {
            faults.add("something came behind the end: " + playlist);
        }
        if (now.contains("#EXT-X-ENDLIST") != now.contains("#EXT-X-PLAYLIST-TYPE:VOD")) {
            faults.add("neither growing nor whole: " + now);
        }
        if (!before.isEmpty() && !target(before).equals(target(now))) {
            faults.add("the target duration has changed from " + target(before) + " to " + target(now));
        }
        last.put(playlist, now);
        return (int) listed.stream().filter(line -> line.startsWith("#EXTINF:")).count();
    }

    /** Lines that a player has to rely on: segments with their lengths and initialization sections. */
    private static List<String> listed(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("#") || line.startsWith("#EXTINF:") || line.startsWith("#EXT-X-MAP:"))
                .toList();
    }

    private static String target(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith("#EXT-X-TARGETDURATION:"))
                .findFirst()
                .orElse("none");
    }
}
