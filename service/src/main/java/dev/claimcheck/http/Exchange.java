package dev.claimcheck.http;

import dev.claimcheck.access.Principal;
import dev.claimcheck.job.JobId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One request being answered: what was asked, by whom, and the way to answer. Used by one thread at a time. */
final class Exchange {
    private static final int MOST_JSON = 64 << 10;

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Map<String, String> pathParameters;
    private final @Nullable Principal principal;
    private final BodyLimits limits;
    private @Nullable MessageDigest bodyDigest;
    private @Nullable Fields query;

    Exchange(
            Request request,
            Response response,
            Callback callback,
            Map<String, String> pathParameters,
            @Nullable Principal principal,
            BodyLimits limits) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.pathParameters = pathParameters;
        this.principal = principal;
        this.limits = limits;
    }

    Request request() {
        return request;
    }

    /** When the request began to arrive, by {@link System#nanoTime}. */
    long arrived() {
        return request.getBeginNanoTime();
    }

    Response response() {
        return response;
    }

    Callback callback() {
        return callback;
    }

    /** Who asks; only on routes that need a key. */
    Principal principal() {
        if (principal == null) {
            throw new IllegalStateException("this route needs no key, so nobody is known");
        }
        return principal;
    }

    Principal admin() {
        if (!principal().isAdmin()) {
            throw new ApiException(
                    ErrorCode.FORBIDDEN, "This needs the admin key, which the first start wrote to DIR/admin-key.");
        }
        return principal();
    }

    String path(String name) {
        return pathParameters.getOrDefault(name, "");
    }

    /** The job id in the path; one that has not the form of an id is a job that does not exist. */
    JobId jobId() {
        return JobId.parse(path("job_id")).orElseThrow(Exchange::noSuchJob);
    }

    static ApiException noSuchJob() {
        return new ApiException(
                ErrorCode.NOT_FOUND, "You have no job of this id. Check the id; deleted jobs are gone for good.");
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    Optional<String> query(String name) {
        if (query == null) {
            try {
                query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
            } catch (RuntimeException _) {
                throw new ApiException(
                        ErrorCode.INVALID_REQUEST,
                        "The query string is not UTF-8 in percent-encoding. Encode it as encodeURIComponent does.");
            }
        }
        return Optional.ofNullable(query.getValue(name));
    }

    /**
     * The body, to be read once.
     *
     * @throws ApiException at once where its length is known to be more
     */
    RequestBody body(long mostBytes, ErrorCode tooLarge) {
        return new RequestBody(request, limits, mostBytes, tooLarge, isForm() ? null : bodyDigest);
    }

    /** Whether the body is a form; its bytes differ from request to request even when it says the same. */
    boolean isForm() {
        return header("Content-Type")
                .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data"))
                .isPresent();
    }

    /** Has everything that is read of the body fed to {@code digest}: a form's parts, else its bytes. */
    void digestBody(MessageDigest digest) {
        bodyDigest = digest;
    }

    /** What the parts of a form are to be fed to. */
    @Nullable
    MessageDigest formDigest() {
        return bodyDigest;
    }

    /** The body as a JSON object of at most 64 KiB. */
    JsonNode jsonBody() throws InterruptedException {
        return jsonBodyIfAny().orElseThrow(() -> notAnObject("The body is empty"));
    }

    /** As {@link #jsonBody}; empty where nothing was sent, which a client need not say with a Content-Length. */
    Optional<JsonNode> jsonBodyIfAny() throws InterruptedException {
        byte[] bytes = body(MOST_JSON, ErrorCode.BODY_TOO_LARGE).readAll();
        if (bytes.length == 0) {
            return Optional.empty();
        }
        try {
            JsonNode body = JsonMapper.shared().readTree(bytes);
            if (body.isObject()) {
                return Optional.of(body);
            }
        } catch (JacksonException e) {
            throw notAnObject("The body is not valid JSON" + place(e));
        }
        throw notAnObject("The body is not a JSON object");
    }

    private static ApiException notAnObject(String what) {
        return new ApiException(
                ErrorCode.INVALID_JSON, what + ". Send an object such as {\"filename\": \"holiday.mp4\"}.");
    }

    /** The text of a member that must be there. */
    static String required(JsonNode body, String member, int mostCharacters) {
        String text = body.path(member).asString("");
        if (text.isBlank() || text.length() > mostCharacters) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    "\"" + member + "\" must be a text of 1 to " + mostCharacters + " characters.");
        }
        return text;
    }

    /** The text as one of these, else a problem that lists them. */
    static <E extends Enum<E>> E oneOf(String text, List<E> allowed, String what) {
        return allowed.stream()
                .filter(value -> value.name().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new ApiException(ErrorCode.INVALID_REQUEST, what + " must be one of " + allowed + "."));
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }
}
