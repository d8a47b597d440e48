package dev.claimcheck.media;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole command of a child process: from outside to inside its session, its death with ours, who is killed first when memory runs out, its priority, the sandbox, its
 * limits, the program. What a machine lacks of the small tools (util-linux) is left out; {@code doctor} says so.
 */
final class ProcessCommand {
    /** A thread gets as much; the usual 8 MiB each would eat the memory limit on a machine of many processors. */
    private static final long STACK = 2L << 20;

    private static final int OPEN_FILES = 512;
    private static final long GIBIBYTE = 1L << 30;

    private final FfmpegTools tools;
    private final Isolation isolation;

    ProcessCommand(FfmpegTools tools, Isolation isolation) {
        this.tools = tools;
        this.isolation = isolation;
    }

    /** The words; {@code writable} says whether it may leave anything in its scratch folder. */
    List<String> words(
            Path program,
            List<String> arguments,
            List<MediaInput> inputs,
            Path scratch,
            boolean writable,
            ProcessLimits bounds) {
        List<String> command = new ArrayList<>();
        Optional<Bubblewrap> sandbox = isolation.sandbox().map(Isolation.Sandbox::bubblewrap);
        tool("setsid").ifPresent(command::add);
        tool("setpriv").ifPresent(setpriv -> {
            command.addAll(List.of(setpriv, "--pdeathsig", "KILL"));
            if (sandbox.isEmpty()) { // Some systems have a bubblewrap that needs its set-user-id bit; it takes all
                // privileges away by itself.
                command.add("--no-new-privs");
            }
        });
        tool("choom").ifPresent(choom -> command.addAll(List.of(choom, "-n", "900", "--")));
        command.addAll(priority(bounds));
        sandbox.ifPresent(bubblewrap -> {
            command.addAll(bubblewrap.words(inputs, scratch, writable));
            command.add("--");
        });
        command.addAll(limits(bounds, sandbox));
        command.add(program.toString());
        command.addAll(arguments);
        return command;
    }

    /** The environment to start the command with. */
    Map<String, String> environment() {
        Map<String, String> environment = new java.util.HashMap<>(Map.of("PATH", "/usr/bin:/bin"));
        if (isolation.sandbox().isEmpty()) {
            environment.putAll(tools.environment()); // Else bubblewrap sets it, inside.
        }
        return environment;
    }

    /** Two transcodes on two processors let a poll wait up to 89 ms (p99) at niceness 10, 41 ms at 19, 21 ms as idle tasks, which costs jobs some time. */
    private static List<String> priority(ProcessLimits bounds) {
        return bounds.nice().isPresent()
                ? tool("nice")
                        .map(nice -> List.of(
                                nice, "-n", Integer.toString(bounds.nice().getAsInt())))
                        .orElse(List.of())
                : tool("chrt").map(chrt -> List.of(chrt, "--idle", "0")).orElse(List.of());
    }

    /**
     * Memory is counted as data (what it can write to and shares with nobody), since the address space also holds what malloc reserves per processor and never uses; that
     * is bounded too, more widely. Processor time is watched from here; the kernel's limit is for when we cannot.
     */
    private static List<String> limits(ProcessLimits bounds, Optional<Bubblewrap> sandbox) {
        int processors = Runtime.getRuntime().availableProcessors();
        long cpu = 2 * bounds.cpuTime().toSeconds() + 60;
        List<String> limits = new ArrayList<>(List.of(
                "--fsize=" + bounds.outputBytes(),
                "--cpu=" + cpu + ":" + (cpu + 5),
                "--data=" + bounds.memoryBytes(),
                "--as=" + (bounds.memoryBytes() + 4 * GIBIBYTE + processors * GIBIBYTE),
                "--stack=" + STACK,
                "--nofile=" + OPEN_FILES,
                "--core=0"));
        // Only in a user namespace of its own does this count its processes alone instead of all of the user's.
        if (sandbox.isPresent() && sandbox.get().own() != Bubblewrap.UserNamespace.SHARED) {
            limits.add("--nproc=" + (512 + 64 * processors));
        }
        return tool("prlimit")
                .map(prlimit -> {
                    List<String> words = new ArrayList<>(List.of(prlimit));
                    words.addAll(limits);
                    words.add("--");
                    return words;
                })
                .orElse(new ArrayList<>());
    }

    private static Optional<String> tool(String name) {
        Path path = Path.of("/usr/bin", name);
        return Files.isExecutable(path) ? Optional.of(path.toString()) : Optional.empty();
    }
}
