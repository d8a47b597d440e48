package dev.claimcheck.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** {@code Upload-Metadata} of tus 1.0.0: pairs of a key and a value in Base64, separated by commas. */
record UploadMetadata(Map<String, String> values) {
    private static final int MOST_CHARACTERS = 4_096;

    /** @throws ApiException where it is not well-formed or too long */
    static UploadMetadata parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw invalid("It is longer than " + MOST_CHARACTERS + " characters.");
        }
        Map<String, String> values = new HashMap<>();
        if (!text.isBlank()) {
            for (String pair : text.split(",", -1)) {
                String[] parts = pair.strip().split(" ", -1);
                if (parts.length > 2 || parts[0].isEmpty() || !parts[0].matches("[\\x21-\\x2b\\x2d-\\x7e]+")) {
                    throw invalid("Send pairs of a key and a value in Base64, separated by commas.");
                }
                if (values.put(parts[0], parts.length == 1 ? "" : decoded(parts[1])) != null) {
                    throw invalid("The key \"" + parts[0] + "\" is there twice.");
                }
            }
        }
        return new UploadMetadata(Map.copyOf(values));
    }

    /** The first of these keys that has a value. */
    Optional<String> first(String... keys) {
        for (String key : keys) {
            String value = values.get(key);
            if (value != null && !value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static String decoded(String base64) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            throw invalid("A value is not UTF-8 text in Base64.");
        }
    }

    private static ApiException invalid(String why) {
        return new ApiException(ErrorCode.INVALID_METADATA, "Upload-Metadata is not valid. " + why);
    }
}
