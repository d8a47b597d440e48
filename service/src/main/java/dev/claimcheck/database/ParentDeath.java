package dev.claimcheck.database;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The words before a command that make the kernel signal it when the thread that started it ends. */
final class ParentDeath {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private ParentDeath() {}

    /** Empty where setpriv (util-linux) is missing. */
    static List<String> signal(String name) {
        return Files.isExecutable(SETPRIV) ? List.of(SETPRIV.toString(), "--pdeathsig", name) : List.of();
    }
}
