package dev.claimcheck.media;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Children that outlived what should have taken them along. The kernel kills a child with its parent only from the moment on in which the child has asked for it. A parent that is
 * killed before leaves the child behind: a sandbox's inner process then waits for ever, or runs the whole command with nobody to read what it says
 * (<a href="https://github.com/containers/bubblewrap/issues/633">bubblewrap, issue 633</a>). They are found by what they were called with, since nothing else ties them to us. Thread-safe.
 */
public final class StrayProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(StrayProcesses.class);

    private StrayProcesses() {}

    /**
     * Ends what an earlier life of this service left running, and returns when it has ended. To be called before anything new is started there. What cannot be killed, as where the kernel waits for a
     * disk that does not answer, is told and left alone after some seconds: it works in a folder of its own, and is no reason not to serve.
     *
     * @param scratch the folder below which each attempt has one of its own; absolute
     */
    public static void endBelow(FfmpegTools tools, Path scratch) {
        List<ProcessHandle> strays = kill(process -> {
            List<String> words = words(process);
            return (words.contains(tools.ffmpeg().toString())
                            || words.contains(tools.ffprobe().toString()))
                    && (words.stream().anyMatch(word -> word.startsWith(scratch + "/"))
                            || worksBelow(scratch, process));
        });
        ProcessTree.awaitDeath(strays)
                .forEach(stray -> LOG.atError()
                        .addKeyValue("pid", stray.pid())
                        .log("a process that was left behind does not end, although it was killed; it is left alone"));
    }

    /**
     * Ends what a call left behind whose own process has ended, and returns when it has.
     *
     * @param command all the words of the call
     * @param scratch its folder, which the words of its sandbox name
     */
    static void endOf(List<String> command, Path scratch) {
        List<ProcessHandle> strays = kill(process -> {
            List<String> words = words(process);
            return words.contains(scratch.toString())
                    && words.size() <= command.size()
                    && command.subList(command.size() - words.size(), command.size())
                            .equals(words);
        });
        ProcessTree.requireDeath(strays);
    }

    private static List<ProcessHandle> kill(Predicate<ProcessHandle> chosen) {
        List<ProcessHandle> strays = ProcessHandle.allProcesses().filter(chosen).toList();
        for (ProcessHandle stray : strays) {
            LOG.atWarn().addKeyValue("pid", stray.pid()).log("a process that was left behind is ended");
            stray.destroyForcibly();
        }
        return strays;
    }

    /** What it was called with, all of it (ProcessHandle knows the first page); one empty word once it has ended. Read by a plain stream, since an interrupt would end a channel. */
    private static List<String> words(ProcessHandle process) {
        try (InputStream file =
                new FileInputStream(of(process).resolve("cmdline").toFile())) {
            String line = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return List.of(line.replaceFirst("\0$", "").split("\0", -1));
        } catch (IOException _) {
            return List.of("");
        }
    }

    /** Also false where we may not know; what runs in a sandbox is known by its words. */
    private static boolean worksBelow(Path folder, ProcessHandle process) {
        try {
            return Files.readSymbolicLink(of(process).resolve("cwd")).startsWith(folder);
        } catch (IOException _) {
            return false;
        }
    }

    private static Path of(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }
}
