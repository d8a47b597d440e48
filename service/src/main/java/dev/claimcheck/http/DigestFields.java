package dev.claimcheck.http;

import dev.claimcheck.upload.BodyChecksum;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code Content-Digest} and {@code Repr-Digest} (RFC 9530): a dictionary of algorithms and byte sequences. */
final class DigestFields {
    private static final Pattern ENTRY = Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\\s*");

    private DigestFields() {}

    /**
     * The strongest digest in that field that can be checked here; empty where the field is missing or names only others, which a receiver may ignore.
     *
     * @throws ApiException where the field is not well-formed
     */
    static Optional<BodyChecksum> read(Exchange exchange, String field) {
        String text = String.join(",", exchange.request().getHeaders().getValuesList(field));
        if (text.isBlank()) {
            return Optional.empty();
        }
        Optional<BodyChecksum> found = Optional.empty();
        for (String entry : text.split(",", -1)) {
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw invalid(field);
            }
            Optional<BodyChecksum> checksum = BodyChecksum.of(matcher.group(1), decoded(matcher.group(2), field));
            if (checksum.isPresent() && (found.isEmpty() || matcher.group(1).equals("sha-256"))) {
                found = checksum;
            }
        }
        return found;
    }

    private static byte[] decoded(String base64, String field) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw invalid(field);
        }
    }

    private static ApiException invalid(String field) {
        return new ApiException(
                ErrorCode.INVALID_CHECKSUM,
                "The header " + field + " is not well-formed. Send it as \"sha-256=:BASE64:\" (RFC 9530).");
    }
}
