package dev.claimcheck.media;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The words before a command that make it run in a sandbox of bubblewrap: a file system of its own that holds the system's libraries, the programs, one source and one
 * scratch folder, all at their usual places and all read-only but the scratch folder; no network, no other process in sight, no capability. Pure but for
 * following symbolic links.
 *
 * <p>The user inside is always 65534, also where the service runs as root; outside it is still the service's own. So what the service may read as the
 * <em>owner</em> (a source of mode 600) can be read inside, and nothing that root reads by its capabilities alone. There is no {@code /proc}: ffmpeg needs none,
 * and where the service itself runs in a container none could be mounted.
 *
 * @param program bwrap itself
 * @param own namespaces of users: how strict this machine allows it to be
 * @param tools the programs that run inside
 * @param data the service's folder: hidden, even where it lies below a folder of the system
 */
record Bubblewrap(Path program, UserNamespace own, FfmpegTools tools, Path data) {
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");
    private static final List<String> SYSTEM =
            List.of("/usr/bin", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec");
    /** Links into {@code /usr}, or folders where a system still has them apart. */
    private static final List<String> LINKED = List.of("/bin", "/lib", "/lib32", "/lib64");

    /** How the user inside is made another. */
    enum UserNamespace {
        /** Its own, and none can be made inside: bubblewrap 0.8. */
        SEALED,
        /** Its own. */
        OWN,
        /** That of the service, without its capabilities: for root where user namespaces are forbidden. */
        SHARED
    }

    /**
     * The words before the command.
     *
     * @param writable whether the scratch folder may be written to
     */
    List<String> words(List<MediaInput> inputs, Path scratch, boolean writable) {
        List<String> words = new ArrayList<>(List.of(program.toString()));
        words.addAll(namespaces(inputs));
        words.addAll(system());
        words.addAll(programs());
        words.addAll(List.of("--dir", "/tmp"));
        words.addAll(List.of("--dev-bind", "/dev/null", "/dev/null", "--dev-bind", "/dev/urandom", "/dev/urandom"));
        words.addAll(List.of(writable ? "--bind" : "--ro-bind", scratch.toString(), scratch.toString()));
        for (MediaInput input : inputs) {
            words.addAll(input(input));
        }
        if (isCovered()) {
            words.addAll(List.of("--remount-ro", data.toString()));
        }
        words.addAll(List.of("--remount-ro", "/", "--chdir", scratch.toString()));
        tools.environment().forEach((name, value) -> words.addAll(List.of("--setenv", name, value)));
        return List.copyOf(words);
    }

    private List<String> namespaces(List<MediaInput> inputs) {
        List<String> words = new ArrayList<>(List.of(
                "--die-with-parent",
                "--new-session",
                "--unshare-pid",
                "--unshare-ipc",
                "--unshare-uts",
                "--unshare-cgroup-try",
                "--cap-drop",
                "ALL"));
        if (own != UserNamespace.SHARED) {
            words.addAll(List.of("--unshare-user", "--uid", "65534", "--gid", "65534"));
        }
        if (own == UserNamespace.SEALED) {
            words.add("--disable-userns");
        }
        if (inputs.stream().noneMatch(MediaInput.SignedUrl.class::isInstance)) {
            words.add("--unshare-net");
        }
        return words;
    }

    private static List<String> system() {
        List<String> words = new ArrayList<>();
        for (String folder : SYSTEM) {
            words.addAll(List.of("--ro-bind-try", folder, folder));
        }
        for (String name : LINKED) {
            Path path = Path.of(name);
            if (Files.isSymbolicLink(path)) {
                words.addAll(List.of("--symlink", target(path), name));
            } else {
                words.addAll(List.of("--ro-bind-try", name, name));
            }
        }
        // Where a library is found: Debian has some behind "alternatives".
        words.addAll(List.of("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"));
        words.addAll(List.of("--ro-bind-try", "/etc/alternatives", "/etc/alternatives"));
        return words;
    }

    /** The programs' folders; in between, a cover over the service's own folder where one of the folders so far would show it. */
    private List<String> programs() {
        Set<Path> folders = programFolders();
        List<String> words = new ArrayList<>();
        folders.stream().filter(folder -> !folder.startsWith(data)).forEach(folder -> words.addAll(readable(folder)));
        if (isCovered()) {
            words.addAll(List.of("--tmpfs", data.toString()));
        }
        folders.stream().filter(folder -> folder.startsWith(data)).forEach(folder -> words.addAll(readable(folder)));
        return words;
    }

    private boolean isCovered() {
        return Stream.concat(Stream.concat(SYSTEM.stream(), LINKED.stream()).map(Path::of), programFolders().stream())
                .anyMatch(folder -> data.startsWith(folder) || data.startsWith(real(folder)));
    }

    private Set<Path> programFolders() {
        Set<Path> folders = new LinkedHashSet<>();
        for (Path one : List.of(tools.ffmpeg(), tools.ffprobe(), real(tools.ffmpeg()), real(tools.ffprobe()))) {
            Path folder = one.toAbsolutePath().getParent();
            if (folder != null && SYSTEM.stream().noneMatch(folder::startsWith)) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static List<String> input(MediaInput input) {
        return switch (input) {
            case MediaInput.LocalFile file -> readable(file.file());
            case MediaInput.SignedUrl url -> {
                List<String> words = new ArrayList<>();
                // The name service; none of these holds a secret.
                for (Path file : List.of(RESOLVER, Path.of("/etc/hosts"), Path.of("/etc/nsswitch.conf"))) {
                    words.addAll(List.of("--ro-bind-try", file.toString(), file.toString()));
                }
                url.authorities().ifPresent(file -> words.addAll(readable(file)));
                yield words;
            }
        };
    }

    private static List<String> readable(Path path) {
        return List.of("--ro-bind", path.toString(), path.toString());
    }

    private static Path real(Path path) {
        try {
            return Files.exists(path) ? path.toRealPath() : path;
        } catch (IOException e) {
            throw new UncheckedIOException("the programs' folder cannot be read", e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("the system's folders cannot be read", e);
        }
    }
}
