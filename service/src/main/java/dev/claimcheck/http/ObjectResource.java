package dev.claimcheck.http;

import dev.claimcheck.job.Output;
import dev.claimcheck.storage.ObjectStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jetty.util.resource.Resource;
import org.jspecify.annotations.Nullable;

/** An object as Jetty knows resources; it is asked for what it is, and read from where several ranges are wanted at once. */
final class ObjectResource extends Resource {
    private final ObjectStore store;
    private final Output output;

    ObjectResource(ObjectStore store, Output output) {
        this.store = store;
        this.output = output;
    }

    @Override
    public @Nullable Path getPath() {
        return null;
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public boolean isDirectory() {
        return false;
    }

    @Override
    public boolean isReadable() {
        return true;
    }

    @Override
    public long length() {
        return output.size();
    }

    /** No client was told a date that it could ask about: the tag says whether it has the object. */
    @Override
    public Instant lastModified() {
        return Instant.MAX;
    }

    @Override
    public URI getURI() {
        return URI.create("object:/" + output.objectKey());
    }

    @Override
    public String getName() {
        return output.path();
    }

    @Override
    public String getFileName() {
        return output.path().substring(output.path().lastIndexOf('/') + 1);
    }

    @Override
    public InputStream newInputStream() throws IOException {
        return Channels.newInputStream(store.open(output.objectKey())
                .orElseThrow(() -> new FileNotFoundException("object " + output.objectKey() + " is gone")));
    }

    @Override
    public @Nullable Resource resolve(String subUriPath) {
        return null;
    }
}
