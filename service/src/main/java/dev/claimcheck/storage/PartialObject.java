package dev.claimcheck.storage;

/**
 * An object that is coming in over several requests.
 *
 * @param key under which it will be visible once it is complete
 * @param handle the store's own name for it, to be kept beside the key; at most 1,024 characters
 */
public record PartialObject(String key, String handle) {}
