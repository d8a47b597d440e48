package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.http.StorageEvents.Created;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class StorageEventsTest {
    @Test
    void readsAmazonsForm() {
        assertThat(read("""
                {"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put",
                 "s3":{"bucket":{"name":"videos"},"object":{"key":"a+b%2Fsources/1","size":5}}},
                 {"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"videos"},"object":{"key":"x"}}}]}""")).containsExactly(new Created("videos", "a b/sources/1"));
    }

    @Test
    void readsMinIOsForm() {
        assertThat(read("""
                {"EventName":"s3:ObjectCreated:Put","Key":"videos/sources/1","Records":[{"eventSource":"minio:s3",
                 "eventName":"s3:ObjectCreated:Put","s3":{"bucket":{"name":"videos"},"object":{"key":"sources%2F1"}}}]}""")).containsExactly(new Created("videos", "sources/1"));
    }

    @Test
    void readsEventBridgesForm() {
        assertThat(read("""
                {"source":"aws.s3","detail-type":"Object Created",
                 "detail":{"bucket":{"name":"videos"},"object":{"key":"a+b/sources/1","size":5}}}""")).containsExactly(new Created("videos", "a+b/sources/1"));
    }

    @Test
    void findsNothingInAnythingElse() {
        for (String message : new String[] {
            "{}",
            "[]",
            "{\"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\"}",
            "{\"Records\": {\"eventName\": \"ObjectCreated:Put\"}}",
            "{\"Records\": [null, 1, \"ObjectCreated:Put\", {\"eventName\": 5}, {\"eventName\": \"ObjectCreated:Put\", \"s3\": []}]}",
            "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"object\": {\"key\": \"%\"}}}]}",
            "{\"detail-type\": \"Object Created\"}"
        }) {
            assertThat(read(message)).as(message).isEmpty();
        }
    }

    private static List<Created> read(String json) {
        return StorageEvents.createdObjects(JsonMapper.shared().readTree(json));
    }
}
