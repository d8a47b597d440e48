package dev.claimcheck.http;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.Principal;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Every request: finds its route, checks its key, answers it at once from memory or on a virtual thread. */
final class RootHandler extends Handler.Abstract.NonBlocking {
    private static final String BEARER = "Bearer ";
    private static final Duration LINGER = Duration.ofSeconds(10);

    private final Router router;
    private final ApiKeys keys;
    private final Problems problems;
    private final Cors cors;
    private final BodyLimits limits;

    RootHandler(Router router, ApiKeys keys, Problems problems, Cors cors, BodyLimits limits) {
        this.cors = cors;
        this.limits = limits;
        this.router = router;
        this.keys = keys;
        this.problems = problems;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        SecurityHeaders.add(response);
        TusRoutes.greet(request, response);
        try {
            String path = Request.getPathInContext(request);
            cors.allow(request, path, response);
            checkHead(request);
            if (cors.isPreflight(request, path)) {
                write(cors.preflight(request, path), request, response, callback);
                return true;
            }
            Router.Match match = router.find(method(request, path), path);
            if (!answeredInline(match, request, response, callback)) {
                Thread.ofVirtual().name("request").start(() -> answer(match, request, response, callback));
            }
        } catch (RuntimeException e) {
            write(problems.answer(e, request), request, response, callback);
        }
        return true;
    }

    private boolean answeredInline(Router.Match match, Request request, Response response, Callback callback) {
        @Nullable Principal principal = null;
        if (match.route().access() == Router.Access.KEY) {
            String key = key(request);
            principal = key == null ? null : keys.remembered(key);
            if (principal == null) {
                return false;
            }
        }
        Answer.InMemory answer = match.route()
                .inline()
                .tryAnswer(new Exchange(request, response, callback, match.parameters(), principal, limits));
        if (answer == null) {
            return false;
        }
        write(answer, request, response, callback);
        return true;
    }

    private void answer(Router.Match match, Request request, Response response, Callback callback) {
        try {
            Principal principal = match.route().access() == Router.Access.KEY ? authenticated(request) : null;
            Exchange exchange = new Exchange(request, response, callback, match.parameters(), principal, limits);
            switch (match.route().endpoint().answer(exchange)) {
                case Answer.InMemory answer -> write(answer, request, response, callback);
                case Answer.Written _ -> {
                    // The endpoint completes the callback.
                }
            }
        } catch (Exception e) {
            refuse(problems.answer(e, request), request, response, callback);
        }
    }

    /**
     * Answers at once, then takes in for a while what the client is still sending: a connection that is closed under a client in the middle of its
     * body loses the answer. A client that asked first ("Expect: 100-continue") sends nothing.
     */
    private static void refuse(Answer.InMemory answer, Request request, Response response, Callback callback) {
        boolean sending = request.getLength() != 0 && request.getHeaders().get(HttpHeader.EXPECT) == null;
        if (!sending || response.isCommitted()) {
            write(answer, request, response, callback);
            return;
        }
        prepare(answer, response);
        try {
            Content.Sink.write(response, false, answer.body().duplicate());
            RequestBody.discard(request, LINGER);
            response.write(true, null, callback);
        } catch (IOException | RuntimeException e) {
            callback.failed(e); // The client has gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
        }
    }

    private Principal authenticated(Request request) {
        return Optional.ofNullable(key(request))
                .flatMap(keys::check)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.UNAUTHORIZED,
                        "Send your API key as \"Authorization: Bearer KEY\". The first start wrote the admin key to DIR/admin-key.",
                        "WWW-Authenticate",
                        "Bearer"));
    }

    /** Over HTTP/1.1 the parser has counted already. */
    private static void checkHead(Request request) {
        if (request.getConnectionMetaData().getHttpVersion().getVersion() < 20) {
            return;
        }
        int size = request.getHttpURI().getPathQuery().length();
        for (HttpField field : request.getHeaders()) {
            size += field.getName().length()
                    + (field.getValue() == null ? 0 : field.getValue().length());
        }
        if (size > HttpServer.MAX_HEAD) {
            throw new ApiException(ErrorCode.HEADERS_TOO_LARGE, PlainErrors.HEADERS_TOO_LARGE);
        }
    }

    /** Some proxies let only GET and POST pass; tus 1.0.0 has a header for that. */
    private static String method(Request request, String path) {
        String override = request.getHeaders().get("X-HTTP-Method-Override");
        boolean overridden = override != null && path.startsWith(TusRoutes.PATH);
        return overridden ? override.toUpperCase(Locale.ROOT) : request.getMethod();
    }

    private static @Nullable String key(Request request) {
        String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : null;
    }

    private static void write(Answer.InMemory answer, Request request, Response response, Callback callback) {
        if (response.isCommitted()) {
            callback.failed(new IllegalStateException("the response had begun"));
            return;
        }
        boolean withBody = prepare(answer, response) && !request.getMethod().equals("HEAD");
        response.write(true, withBody ? answer.body().duplicate() : null, callback);
    }

    /** Sets status and headers; gives whether such an answer has a body. */
    private static boolean prepare(Answer.InMemory answer, Response response) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            headers.put(header.getKey(), header.getValue());
        }
        boolean bodiless = answer.status() == 304 || answer.status() == 204;
        if (!bodiless) {
            headers.put(HttpHeader.CONTENT_LENGTH, answer.body().remaining());
        }
        return !bodiless;
    }
}
