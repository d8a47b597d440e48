package dev.claimcheck.http;

/** What routes that answer page by page take. */
final class Paging {
    private Paging() {}

    /** How many there may be on a page: 50 where nothing is said. */
    static int limit(Exchange exchange, int most) {
        String text = exchange.query("limit").orElse("50");
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "\"limit\" must be a whole number from 1 to " + most + ".");
        }
        return Integer.parseInt(text);
    }

    static ApiException wrongCursor() {
        return new ApiException(
                ErrorCode.INVALID_REQUEST, "\"cursor\" must be the \"next_cursor\" of the page before, unchanged.");
    }
}
