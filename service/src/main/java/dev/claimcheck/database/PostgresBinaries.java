package dev.claimcheck.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of Postgres, unpacked once from the archive on the class path. */
final class PostgresBinaries {
    /** Changes with the packaged version, so that an upgrade unpacks anew. */
    private static final String VERSION = "18.6";

    private static final Path UNSHARE = Path.of("/usr/bin/unshare");

    private final Path home;
    private final List<String> serverUser;

    private PostgresBinaries(Path home, List<String> serverUser) {
        this.home = home;
        this.serverUser = serverUser;
    }

    static PostgresBinaries unpackInto(Path folder) throws IOException {
        Path home = folder.resolve("programs-" + VERSION);
        if (!Files.exists(home)) {
            Path fresh = Files.createTempDirectory(folder, "unpacking-");
            try (InputStream archive = PostgresBinaries.class.getResourceAsStream(archiveName())) {
                if (archive == null) {
                    throw new IOException(
                            "no embedded Postgres for this kind of machine; set database.url to one of your own");
                }
                unpack(archive, fresh);
            }
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(home, userOfServer());
    }

    Path program(String name) {
        return home.resolve("bin").resolve(name);
    }

    /** The words before a command that make it run as someone else than root; empty for a plain user. */
    List<String> asServerUser() {
        return serverUser;
    }

    ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("LD_LIBRARY_PATH", home.resolve("lib").toString());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().put("PATH", "/usr/bin:/bin");
        return builder.directory(home.toFile());
    }

    /** Postgres refuses to run as root. In a user namespace of its own it is nobody there, yet owns its files outside. */
    private static List<String> userOfServer() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        List<String> prefix = List.of(UNSHARE.toString(), "-U");
        try {
            Process trial = new ProcessBuilder(UNSHARE.toString(), "-U", "true")
                    .redirectErrorStream(true)
                    .start();
            if (trial.waitFor(10, TimeUnit.SECONDS) && trial.exitValue() == 0) {
                return prefix;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        throw new IOException("as root the embedded Postgres needs user namespaces, which this system does not allow; "
                + "run the service as another user, or set database.url to a Postgres of your own");
    }

    private static String archiveName() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "/postgres-linux-x86_64.txz";
            case String other -> "/postgres-linux-" + other + ".txz";
        };
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive of Postgres is damaged: " + entry.getName());
                }
                unpack(tar, entry, file);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path file) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(file);
            return;
        }
        Files.createDirectories(Stream.of(file.getParent()).findFirst().orElseThrow());
        if (entry.isSymbolicLink()) {
            try {
                Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
            } catch (FileAlreadyExistsException _) {
                // The archive names some links twice.
            }
            return;
        }
        Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
        if ((entry.getMode() & 0100) != 0) {
            Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            permissions.addAll(PosixFilePermissions.fromString("r-xr-xr-x"));
            Files.setPosixFilePermissions(file, permissions);
        }
    }
}
