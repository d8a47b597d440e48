package dev.claimcheck.media;

/** Whether ffmpeg runs in a sandbox. */
public enum SandboxMode {
    /** In one where this machine allows it, else with limits alone. */
    AUTO,
    /** In one, or the service does not start. */
    REQUIRED,
    /** Never; with limits alone. */
    OFF
}
