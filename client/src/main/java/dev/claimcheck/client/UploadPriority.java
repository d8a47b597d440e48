package dev.claimcheck.client;

import java.util.Locale;

/** Which jobs of an owner the service works on first. */
public enum UploadPriority {
    HIGH,
    NORMAL,
    LOW;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
