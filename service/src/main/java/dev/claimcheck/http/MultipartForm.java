package dev.claimcheck.http;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * A {@code multipart/form-data} body (RFC 7578) while it streams by: the part {@code file} goes straight into the store, other parts are small
 * texts. Used by one thread.
 */
final class MultipartForm implements MultiPart.Parser.Listener {
    /** What boundaries, headers and small fields may add to the file. */
    static final long MOST_OVERHEAD = 64 << 10;

    private static final int MOST_FIELD_BYTES = 4 << 10;

    private final MultiPart.Parser parser;
    private final String fileField;
    private final FileStart fileStart;
    private final long mostFileBytes;
    private final @Nullable MessageDigest digest;
    private long fileBytes;
    private final Map<String, String> fields = new HashMap<>();
    private final TreeMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final StringBuilder value = new StringBuilder();
    private Map<String, String> disposition = Map.of();
    private @Nullable String filename;
    private @Nullable String fileContentType;
    private @Nullable Consumer<ByteBuffer> file;
    private @Nullable RuntimeException refusal;
    private boolean complete;

    /** Told when the file's part begins: what is wrong with it is said before its first byte is taken. */
    @FunctionalInterface
    interface FileStart {
        /** Gives what takes the file's bytes as they come. */
        Consumer<ByteBuffer> begin(String filename, @Nullable String contentType);
    }

    /**
     * @param fileField the name of the part that holds the file
     * @param fileStart called once, when that part begins
     * @param digest fed with names and contents of the parts, whatever the boundary between them
     */
    MultipartForm(
            String contentType,
            String fileField,
            FileStart fileStart,
            long mostFileBytes,
            @Nullable MessageDigest digest) {
        this.fileField = fileField;
        String boundary = MultiPart.extractBoundary(contentType);
        if (boundary == null) {
            throw invalid("The Content-Type names no boundary.");
        }
        this.parser = new MultiPart.Parser(boundary, this);
        this.parser.setMaxParts(16);
        this.parser.setPartHeadersMaxLength(8 << 10);
        this.fileStart = fileStart;
        this.digest = digest;
        this.mostFileBytes = mostFileBytes;
    }

    void parse(Content.Chunk chunk) {
        parser.parse(chunk);
        requireNoRefusal();
    }

    private void requireNoRefusal() {
        if (refusal != null) {
            throw refusal;
        }
    }

    void requireComplete() {
        if (!complete) {
            throw invalid("The form ends before its closing boundary.");
        }
        if (filename == null) {
            throw invalid("The form has no part named \"" + fileField + "\".");
        }
    }

    String filename() {
        return filename == null ? "" : filename;
    }

    @Nullable
    String fileContentType() {
        return fileContentType;
    }

    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    @Override
    public void onPartBegin() {
        headers.clear();
        value.setLength(0);
    }

    @Override
    public void onPartHeader(String name, String text) {
        headers.put(name, text);
    }

    /** Jetty logs and forgets what is thrown here. */
    @Override
    public void onPartHeaders() {
        try {
            beginPart();
        } catch (RuntimeException e) {
            refusal = e;
        }
    }

    private void beginPart() {
        Map<String, String> parameters = new HashMap<>();
        HttpField.getValueParameters(headers.getOrDefault("Content-Disposition", ""), parameters);
        disposition = parameters;
        feed("part:" + parameters.get("name") + ":" + parameters.get("filename") + "\n");
        if (isFile()) {
            if (filename != null) {
                throw invalid("The form has more than one part named \"" + fileField + "\".");
            }
            filename = extendedFilename().orElseGet(() -> disposition.getOrDefault("filename", ""));
            fileContentType = headers.get("Content-Type");
            file = fileStart.begin(filename, fileContentType);
        }
    }

    @Override
    public void onPartContent(Content.Chunk chunk) {
        requireNoRefusal();
        Consumer<ByteBuffer> taker = file;
        if (!isFile() || taker == null) {
            if (value.length() + chunk.remaining() > MOST_FIELD_BYTES) {
                throw invalid(
                        "A field of the form is too long. Name the part that holds the video \"" + fileField + "\".");
            }
            value.append(StandardCharsets.UTF_8.decode(chunk.getByteBuffer()));
            return;
        }
        if (fileBytes + chunk.remaining() > mostFileBytes) {
            throw new ApiException(
                    ErrorCode.FILE_TOO_LARGE,
                    "The largest file accepted here is " + mostFileBytes + " bytes. Send a smaller file.");
        }
        fileBytes += chunk.remaining();
        if (digest != null) {
            digest.update(chunk.getByteBuffer().slice());
        }
        taker.accept(chunk.getByteBuffer());
    }

    @Override
    public void onPartEnd() {
        String name = disposition.get("name");
        if (!isFile() && name != null) {
            fields.put(name, value.toString());
            feed(value + "\n");
        }
    }

    @Override
    public void onComplete() {
        complete = true;
    }

    @Override
    public void onFailure(Throwable failure) {
        if (failure instanceof ApiException known) {
            throw known;
        }
        if (failure instanceof RuntimeException trouble && !(failure instanceof IllegalArgumentException)) {
            throw trouble;
        }
        throw invalid("Its parts cannot be told apart.");
    }

    private void feed(String text) {
        if (digest != null) {
            digest.update(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean isFile() {
        return fileField.equals(disposition.get("name"));
    }

    /** {@code filename*=UTF-8''…} (RFC 8187), which wins over {@code filename}. */
    private Optional<String> extendedFilename() {
        return Optional.ofNullable(disposition.get("filename*"))
                .filter(text -> text.regionMatches(true, 0, "UTF-8'", 0, 6))
                .map(text -> text.substring(text.indexOf('\'', 6) + 1))
                .map(text -> {
                    try {
                        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
                    } catch (IllegalArgumentException _) {
                        throw invalid("The name in \"filename*\" is not percent-encoded UTF-8.");
                    }
                });
    }

    private ApiException invalid(String what) {
        return new ApiException(
                ErrorCode.INVALID_MULTIPART,
                what + " Send the video as the part \"" + fileField + "\", as curl -F " + fileField
                        + "=@video.mp4 does.");
    }
}
