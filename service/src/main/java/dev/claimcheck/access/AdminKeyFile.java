package dev.claimcheck.access;

import dev.claimcheck.job.OwnerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The admin's key, in a file that only the service's user can read. The file is the truth: where it is missing a new key is made,
 * where the database does not know its key (a fresh database) the key is added.
 */
public final class AdminKeyFile {
    /** The owner whose jobs the admin key sees. */
    public static final OwnerId OWNER = new OwnerId("admin");

    private AdminKeyFile() {}

    /** Makes sure that the file and its key exist; gives whether the file is new. */
    public static boolean ensure(Path file, ApiKeys keys) throws IOException {
        boolean fresh = !Files.exists(file);
        if (fresh) {
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(draft, "cc_" + Secrets.create() + "\n");
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
        keys.ensure(OWNER, "admin key file", Role.ADMIN, Files.readString(file).strip());
        return fresh;
    }
}
