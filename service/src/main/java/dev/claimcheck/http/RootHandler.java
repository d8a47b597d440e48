package dev.claimcheck.http;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.access.Principal;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Every request: finds its route, checks its key, answers it at once from memory or on a virtual thread. */
final class RootHandler extends Handler.Abstract.NonBlocking {
    private static final String BEARER = "Bearer ";

    private final Router router;
    private final ApiKeys keys;
    private final Problems problems;

    RootHandler(Router router, ApiKeys keys, Problems problems) {
        this.router = router;
        this.keys = keys;
        this.problems = problems;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        SecurityHeaders.add(response);
        try {
            Router.Match match = router.find(request.getMethod(), Request.getPathInContext(request));
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
                .tryAnswer(new Exchange(request, response, callback, match.parameters(), principal));
        if (answer == null) {
            return false;
        }
        write(answer, request, response, callback);
        return true;
    }

    private void answer(Router.Match match, Request request, Response response, Callback callback) {
        try {
            Principal principal = match.route().access() == Router.Access.KEY ? authenticated(request) : null;
            Exchange exchange = new Exchange(request, response, callback, match.parameters(), principal);
            switch (match.route().endpoint().answer(exchange)) {
                case Answer.InMemory answer -> write(answer, request, response, callback);
                case Answer.Written _ -> {
                    // The endpoint completes the callback.
                }
            }
        } catch (Exception e) {
            write(problems.answer(e, request), request, response, callback);
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
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            headers.put(header.getKey(), header.getValue());
        }
        boolean bodiless = answer.status() == 304 || answer.status() == 204;
        if (!bodiless) {
            headers.put(HttpHeader.CONTENT_LENGTH, answer.body().remaining());
        }
        boolean withBody = !bodiless && !request.getMethod().equals("HEAD");
        response.write(true, withBody ? answer.body().duplicate() : null, callback);
    }
}
