package dev.claimcheck.media;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds an ffmpeg that starts: the bundled one, unpacked once; the system's; or one that was configured. */
public final class FfmpegInstallation {
    private static final Logger LOG = LoggerFactory.getLogger(FfmpegInstallation.class);
    private static final String VERSION = "8.1.2";
    private static final String PROGRAMS = "/org/bytedeco/ffmpeg/linux-x86_64-gpl/";
    private static final List<String> PROGRAM_FILES = List.of(
            "ffmpeg",
            "ffprobe",
            "libavcodec.so.62",
            "libavdevice.so.62",
            "libavfilter.so.11",
            "libavformat.so.62",
            "libavutil.so.60",
            "libswresample.so.6",
            "libswscale.so.9",
            "libdrm.so.2",
            "libva.so.2",
            "libva-drm.so.2");

    private static final String STUBS = "/dev/claimcheck/media/stubs/linux-x86_64/";
    /** Capture-device libraries that servers lack and that are never called; see stub.c. Used everywhere, so that every machine runs the same. */
    private static final List<String> STUB_FILES =
            List.of("libpulse.so.0", "libasound.so.2", "libxcb.so.1", "libxcb-shm.so.0", "libudev.so.1");

    private static final Pattern VERSION_LINE = Pattern.compile("^ffmpeg version (\\S+)");

    private FfmpegInstallation() {}

    /**
     * The ffmpeg to use; it has been started once.
     *
     * @param cache folder that the bundled one is unpacked into; kept between starts
     * @throws IllegalStateException where there is none; the message says how to mend it
     */
    public static FfmpegTools locate(FfmpegSettings settings, Path cache) {
        return switch (settings.source()) {
            case "bundled" ->
                bundled(cache)
                        .orElseThrow(
                                () -> new IllegalStateException(
                                        "the bundled ffmpeg does not run on this machine; set media.ffmpeg to \"system\" or to a folder with ffmpeg and ffprobe"));
            case "system" ->
                system().orElseThrow(
                                () -> new IllegalStateException(
                                        "no ffmpeg is installed; install it (apt-get install ffmpeg) or set media.ffmpeg to \"bundled\""));
            case "auto" ->
                bundled(cache)
                        .or(FfmpegInstallation::system)
                        .orElseThrow(
                                () -> new IllegalStateException(
                                        "the bundled ffmpeg does not run on this machine and none is installed; install one (apt-get install ffmpeg) or set media.ffmpeg to a folder"));
            case String folder -> configured(Path.of(folder));
        };
    }

    private static FfmpegTools configured(Path folder) {
        return started(folder, Map.of("LANG", "C.UTF-8"), FfmpegTools.Origin.CONFIGURED)
                .orElseThrow(() -> new IllegalStateException("there is no ffmpeg with ffprobe that runs in " + folder
                        + "; set media.ffmpeg to the folder that holds both"));
    }

    private static Optional<FfmpegTools> system() {
        return Stream.of("/usr/bin", "/usr/local/bin", "/bin")
                .map(Path::of)
                .flatMap(folder -> started(folder, Map.of("LANG", "C.UTF-8"), FfmpegTools.Origin.SYSTEM).stream())
                .findFirst();
    }

    private static Optional<FfmpegTools> bundled(Path cache) {
        try {
            Path home = unpacked(cache);
            Map<String, String> environment =
                    Map.of("LANG", "C.UTF-8", "LD_LIBRARY_PATH", home + ":" + home.resolve("stubs"));
            Optional<FfmpegTools> tools = started(home, environment, FfmpegTools.Origin.BUNDLED);
            if (tools.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("folder", home)
                        .log("the bundled ffmpeg does not start; the system's is used where there is one");
            }
            return tools;
        } catch (IOException e) {
            LOG.atWarn()
                    .setCause(e)
                    .log("the bundled ffmpeg cannot be unpacked; the system's is used where there is one");
            return Optional.empty();
        }
    }

    /** Unpacks beside the target and renames, so that two processes may race and a crash leaves nothing half done in place. */
    private static Path unpacked(Path cache) throws IOException {
        Path home = cache.resolve("ffmpeg-" + VERSION);
        if (Files.isDirectory(home)) {
            return home;
        }
        Files.createDirectories(cache);
        Path fresh = Files.createTempDirectory(cache, "unpacking-ffmpeg-");
        Files.createDirectories(fresh.resolve("stubs"));
        for (String file : PROGRAM_FILES) {
            unpack(PROGRAMS + file, fresh.resolve(file));
        }
        for (String file : STUB_FILES) {
            unpack(STUBS + file, fresh.resolve("stubs").resolve(file));
        }
        try {
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException _) {
            deleteTree(fresh); // Another process was quicker.
        }
        return home;
    }

    private static void unpack(String resource, Path file) throws IOException {
        try (InputStream in = FfmpegInstallation.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(
                        "no bundled ffmpeg for this kind of machine (" + System.getProperty("os.arch") + ")");
            }
            Files.copy(in, file);
        }
        if (!file.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    private static Optional<FfmpegTools> started(
            Path folder, Map<String, String> environment, FfmpegTools.Origin origin) {
        Path ffmpeg = folder.resolve("ffmpeg");
        Path ffprobe = folder.resolve("ffprobe");
        if (!Files.isExecutable(ffmpeg) || !Files.isExecutable(ffprobe)) {
            return Optional.empty();
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(ffmpeg.toString(), "-version").redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(20, TimeUnit.SECONDS);
            Matcher version = VERSION_LINE.matcher(output);
            if (ended && process.exitValue() == 0 && version.find()) {
                return Optional.of(new FfmpegTools(ffmpeg, ffprobe, environment, version.group(1), origin));
            }
            LOG.atWarn()
                    .addKeyValue("program", ffmpeg)
                    .addKeyValue("output", output.lines().findFirst().orElse(""))
                    .log("an ffmpeg does not start");
            return Optional.empty();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("program", ffmpeg).log("an ffmpeg does not start");
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
