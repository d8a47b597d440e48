package dev.claimcheck.http;

import dev.claimcheck.job.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** A file that the program carries, kept in memory plain and compressed, and answered with an ETag (RFC 9110 §8.8.3, §12.5.3). Immutable. */
record StaticContent(String type, ByteBuffer plain, ByteBuffer compressed, String tag) {
    /** That file of the class path; empty where there is none. */
    static Optional<StaticContent> ofResource(String path, String type) {
        try (InputStream in = StaticContent.class.getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(of(in.readAllBytes(), type));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static StaticContent of(byte[] bytes, String type) {
        ByteArrayOutputStream small = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(small)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String tag = Digest.of(sha256(bytes)).hex().substring(0, 32);
        return new StaticContent(type, ByteBuffer.wrap(bytes), ByteBuffer.wrap(small.toByteArray()), tag);
    }

    /** Whoever has it already is told so; caches ask each time, which costs next to nothing. */
    Answer answer(Exchange exchange) {
        return answer(exchange, "public, no-cache");
    }

    /**
     * The same, for caches to keep as {@code caching} says.
     *
     * @param caching the value of Cache-Control
     */
    Answer answer(Exchange exchange, String caching) {
        boolean gzip =
                exchange.header("Accept-Encoding").orElse("").matches("(?i).*\\bgzip\\b(?!;q=0(\\.0*)?\\s*(,|$)).*");
        String etag = "\"" + tag + (gzip ? "-gzip" : "") + "\"";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", etag);
        headers.put("Cache-Control", caching);
        headers.put("Vary", "Accept-Encoding");
        if (exchange.header("If-None-Match").orElse("").contains(etag)) {
            return new Answer.InMemory(304, headers, ByteBuffer.allocate(0));
        }
        headers.put("Content-Type", type);
        if (gzip) {
            headers.put("Content-Encoding", "gzip");
        }
        return new Answer.InMemory(200, headers, (gzip ? compressed : plain).asReadOnlyBuffer());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
