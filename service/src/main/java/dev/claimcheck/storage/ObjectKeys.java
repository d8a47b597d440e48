package dev.claimcheck.storage;

import java.util.regex.Pattern;

/** Keys are ours alone; this is the fence behind that promise, the same for every store. */
public final class ObjectKeys {
    private static final Pattern KEY = Pattern.compile("[a-z]+(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+");
    private static final Pattern PREFIX = Pattern.compile("[a-z]+/([A-Za-z0-9_-][A-Za-z0-9._-]*/?)*");

    private ObjectKeys() {}

    /** The key, if it is one; else {@link IllegalArgumentException}. */
    public static String requireKey(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return key;
    }

    /** The prefix, if it can begin a key below a folder; else {@link IllegalArgumentException}. */
    public static String requirePrefix(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("not a prefix of keys: " + prefix);
        }
        return prefix;
    }
}
