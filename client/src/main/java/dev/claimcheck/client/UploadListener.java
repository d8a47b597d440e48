package dev.claimcheck.client;

/** Told how an upload goes, on a thread of the HTTP client; must be quick. */
@FunctionalInterface
public interface UploadListener {
    /** So many bytes of so many have been handed to the connection. */
    void sent(long bytes, long total);
}
