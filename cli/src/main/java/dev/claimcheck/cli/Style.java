package dev.claimcheck.cli;

/** Colours of words that already say what they mean; nothing is told by a colour alone. */
enum Style {
    PLAIN(""),
    FAINT("2"),
    STRONG("1"),
    GOOD("32"),
    BUSY("34"),
    ATTENTION("33"),
    BAD("31");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** The text in this style, where the terminal has colours. */
    String of(String text, Terminal terminal) {
        return this == PLAIN || !terminal.colours() || text.isBlank()
                ? text
                : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Of a word for the status of a job, step, delivery or endpoint. */
    static Style ofStatus(String status) {
        return switch (status.toUpperCase(java.util.Locale.ROOT)) {
            case "COMPLETED", "SUCCEEDED", "ENABLED", "ALIVE", "NORMAL" -> GOOD;
            case "IN_PROGRESS", "RUNNING", "UPLOADING" -> BUSY;
            case "RETRYING", "LEAVING", "DEGRADED", "HALF_OPEN", "RELEASED", "LEASE_EXPIRED" -> ATTENTION;
            case "FAILED", "CRITICAL", "SILENT", "DISABLED", "OPEN" -> BAD;
            case "CANCELLED", "EXPIRED", "SKIPPED", "WAITING", "PENDING", "READY" -> FAINT;
            default -> PLAIN;
        };
    }
}
