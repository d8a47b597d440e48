package dev.claimcheck.http;

import dev.claimcheck.job.Output;
import dev.claimcheck.storage.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
import java.util.Set;
import org.eclipse.jetty.http.CompressedContentFormat;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.content.HttpContent;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.resource.Resource;
import org.jspecify.annotations.Nullable;

/** An object of a store that has no files, for Jetty's handling of ranges and conditions. It is read, blocking, on the request's virtual thread. */
final class ObjectContent implements HttpContent {
    private static final int BUFFER = 64 << 10;

    private final ObjectStore store;
    private final Output output;

    ObjectContent(ObjectStore store, Output output) {
        this.store = store;
        this.output = output;
    }

    @Override
    public HttpField getContentType() {
        return new HttpField(HttpHeader.CONTENT_TYPE, output.contentType());
    }

    @Override
    public @Nullable HttpField getContentEncoding() {
        return null;
    }

    @Override
    public HttpField getContentLength() {
        return new HttpField.LongValueHttpField(HttpHeader.CONTENT_LENGTH, output.size());
    }

    /** The tag says more, and the store need not be asked for it. */
    @Override
    public @Nullable HttpField getLastModified() {
        return null;
    }

    /** Objects never change under their key. */
    @Override
    public HttpField getETag() {
        return new HttpField(
                HttpHeader.ETAG,
                "\"" + Integer.toHexString(output.objectKey().hashCode()) + "-" + Long.toHexString(output.size())
                        + "\"");
    }

    @Override
    public @Nullable String getCharacterEncoding() {
        return null;
    }

    @Override
    public MimeTypes.@Nullable Type getMimeType() {
        return null;
    }

    @Override
    public @Nullable Instant getLastModifiedInstant() {
        return null;
    }

    @Override
    public long getContentLengthValue() {
        return output.size();
    }

    @Override
    public Resource getResource() {
        return new ObjectResource(store, output);
    }

    @Override
    public Set<CompressedContentFormat> getPreCompressedContentFormats() {
        return Set.of();
    }

    @Override
    public void writeTo(Content.Sink sink, long offset, long length, Callback callback) {
        long end = length < 0 ? output.size() : Math.min(output.size(), Math.max(0, offset) + length);
        try (SeekableByteChannel channel = store.open(output.objectKey())
                .orElseThrow(() -> new IOException("object " + output.objectKey() + " is gone"))) {
            long at = Math.max(0, offset);
            channel.position(at);
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (at < end) {
                buffer.clear().limit((int) Math.min(BUFFER, end - at));
                int read = channel.read(buffer);
                if (read < 0) {
                    throw new IOException("object " + output.objectKey() + " is shorter than it was");
                }
                at += read;
                Content.Sink.write(sink, false, buffer.flip());
            }
            sink.write(true, null, callback);
        } catch (IOException | RuntimeException e) {
            callback.failed(e);
        }
    }
}
