package dev.claimcheck.job;

import java.util.Arrays;

/** The queues of steps. They are separate so that a thumbnail never waits behind a transcode. */
public enum QueueName {
    METADATA("metadata"),
    THUMBNAILS("thumbnails"),
    VIDEO_PROCESSING("video_processing");

    private final String wireName;

    QueueName(String wireName) {
        this.wireName = wireName;
    }

    /** The name used in the database, in JSON and in configuration keys. */
    public String wireName() {
        return wireName;
    }

    /** The queue of that wire name; throws {@link IllegalArgumentException} where there is none. */
    public static QueueName ofWireName(String wireName) {
        return Arrays.stream(values())
                .filter(queue -> queue.wireName.equals(wireName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no queue is named '" + wireName + "'"));
    }
}
