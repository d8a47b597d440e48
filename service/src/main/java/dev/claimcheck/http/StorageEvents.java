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

    /** An object that was made, by the names that its store has for it and its bucket. */
    record Created(String bucket, String name) {}

    /** The objects that a message tells of; none for a message that tells of something else, such as a test. */
    static List<Created> createdObjects(JsonNode message) {
        List<Created> created = new ArrayList<>();
        for (JsonNode record : message.path("Records")) {
            // Amazon says "ObjectCreated:Put", MinIO "s3:ObjectCreated:Put".
            if (record.path("eventName").asString("").contains("ObjectCreated:")) {
                decoded(record.path("s3").path("object").path("key").asString(""))
                        .ifPresent(name -> created.add(new Created(bucketOf(record.path("s3")), name)));
            }
        }
        if (message.path("detail-type").asString("").equals("Object Created")) {
            String plain = message.path("detail").path("object").path("key").asString("");
            if (!plain.isEmpty()) {
                created.add(new Created(bucketOf(message.path("detail")), plain));
            }
        }
        return created;
    }

    private static String bucketOf(JsonNode node) {
        return node.path("bucket").path("name").asString("");
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
