package dev.claimcheck.client;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Pictures that may be laid over videos: {@link ClaimcheckClient#watermarks()}. Thread-safe; answers are the service's JSON. */
public final class Watermarks {
    private static final String WATERMARKS = "/watermarks";

    private final HttpCalls calls;

    Watermarks(HttpCalls calls) {
        this.calls = calls;
    }

    /** All of them, oldest first: {@code watermarks}. */
    public JsonNode list() throws InterruptedException {
        return new JsonCalls(calls).get(WATERMARKS);
    }

    /**
     * Uploads a PNG, JPEG or WebP.
     *
     * @throws ClaimcheckException NO_SUCH_FILE where it cannot be read
     */
    public JsonNode add(Path picture) throws InterruptedException {
        try {
            return new JsonCalls(calls).post(WATERMARKS, BodyPublishers.ofFile(picture));
        } catch (FileNotFoundException e) {
            throw new ClaimcheckException(
                    ClaimcheckException.NO_SUCH_FILE, "There is no file " + picture + " that can be read.", e);
        }
    }

    /** Removes one; videos that have it keep it. */
    public void delete(String watermarkId) throws InterruptedException {
        new JsonCalls(calls).delete(WATERMARKS + "/" + HttpCalls.encode(watermarkId));
    }
}
