package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;

/** A {@code multipart/form-data} body, part by part. Names go in as they are, however wrong. */
final class Form {
    private final String boundary = "----form" + System.nanoTime();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    Form field(String name, String value) {
        write("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
        return this;
    }

    /** A file that does not say of what type it is. */
    Form file(String name, String filename, byte[] content) {
        return file(name, filename, "", content);
    }

    /** A file of that type; an empty one is not said. */
    Form file(String name, String filename, String type, byte[] content) {
        begin(name, filename, type);
        parts.writeBytes(content);
        write("\r\n");
        return this;
    }

    /** The beginning of a file: for requests that do not get to its bytes. */
    Form begin(String name, String filename, String type) {
        write("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename
                + "\"\r\n" + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "\r\n");
        return this;
    }

    /** The value of {@code Content-Type}. */
    String type() {
        return "multipart/form-data; boundary=" + boundary;
    }

    /** The parts so far, without an end. */
    byte[] parts() {
        return parts.toByteArray();
    }

    /** The whole body. */
    BodyPublisher body() {
        return BodyPublishers.concat(
                BodyPublishers.ofByteArray(parts()), BodyPublishers.ofString("--" + boundary + "--\r\n"));
    }

    private void write(String text) {
        parts.writeBytes(text.getBytes(UTF_8));
    }
}
