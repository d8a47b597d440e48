package dev.claimcheck.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads what object stores send when an object was made. */
final class StorageEvents {
    private StorageEvents() {}

    /** The keys of the objects that a message tells of; none for a message that tells of something else, such as a test. */
    static List<String> createdObjects(JsonNode message) {
        List<String> keys = new ArrayList<>();
        for (JsonNode record : message.path("Records")) {
            // Amazon says "ObjectCreated:Put", MinIO "s3:ObjectCreated:Put".
            if (record.path("eventName").asString("").contains("ObjectCreated:")) {
                decoded(record.path("s3").path("object").path("key").asString(""))
                        .ifPresent(keys::add);
            }
        }
        if (message.path("detail-type").asString("").equals("Object Created")) {
            String plain = message.path("detail").path("object").path("key").asString("");
            if (!plain.isEmpty()) {
                keys.add(plain);
            }
        }
        return keys;
    }

    /** Keys in S3 event messages are encoded as in a form; what is not, is no key of ours. */
    private static Optional<String> decoded(String key) {
        try {
            return Optional.of(URLDecoder.decode(key, StandardCharsets.UTF_8)).filter(text -> !text.isEmpty());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
