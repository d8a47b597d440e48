package dev.claimcheck.storage;

import java.nio.file.Path;
import java.util.Optional;

/** The ability of a store to name an object's own file, so that ffmpeg reads it in place. Only some stores have it. */
public interface LocalFiles {
    /** The object's file, or empty where there is no such object. Never written to by the caller. */
    Optional<Path> file(String key);
}
