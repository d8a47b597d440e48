package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Messages as the stores document them, shortened. */
class StorageEventsTest {
    @Test
    void readsAmazonsMessage() {
        assertThat(StorageEvents.createdObjects(JsonMapper.shared().readTree("""
                        {"Records": [
                          {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                           "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": "b"}, "object": {"key": "sources/a+b%20c", "size": 1024}}},
                          {"eventName": "ObjectRemoved:Delete", "s3": {"object": {"key": "sources/d"}}},
                          {"eventName": "ObjectCreated:CompleteMultipartUpload", "s3": {"object": {"key": "sources/e"}}}]}
                        """)))
                .containsExactly("sources/a b c", "sources/e");
    }

    @Test
    void readsMinIosMessage() {
        assertThat(StorageEvents.createdObjects(JsonMapper.shared().readTree("""
                        {"EventName": "s3:ObjectCreated:Put", "Key": "videos/sources/a",
                         "Records": [{"eventName": "s3:ObjectCreated:Put", "s3": {"bucket": {"name": "videos"}, "object": {"key": "sources%2Fa"}}}]}
                        """)))
                .containsExactly("sources/a");
    }

    /** EventBridge gives keys as they are. */
    @Test
    void readsEventBridgesEvent() {
        assertThat(StorageEvents.createdObjects(JsonMapper.shared().readTree("""
                        {"version": "0", "detail-type": "Object Created", "source": "aws.s3",
                         "detail": {"bucket": {"name": "b"}, "object": {"key": "sources/a+b%20c", "size": 5}, "reason": "PutObject"}}
                        """)))
                .containsExactly("sources/a+b%20c");
    }

    @Test
    void findsNothingInAnythingElse() {
        for (String message : new String[] {
            "{}",
            "{\"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\"}",
            "{\"Records\": {\"eventName\": \"ObjectCreated:Put\"}}",
            "{\"Records\": [null, 1, \"ObjectCreated:Put\", {\"eventName\": 5}, {\"eventName\": \"ObjectCreated:Put\", \"s3\": []}]}",
            "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"object\": {\"key\": \"%\"}}}]}",
            "{\"detail-type\": \"Object Created\"}"
        }) {
            assertThat(StorageEvents.createdObjects(JsonMapper.shared().readTree(message)))
                    .as(message)
                    .isEmpty();
        }
    }
}
