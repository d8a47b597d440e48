package dev.claimcheck.http;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.job.InvalidOptionException;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import dev.claimcheck.upload.InvalidFileNameException;
import dev.claimcheck.upload.UploadRefused;
import dev.claimcheck.watermark.NotAPictureException;
import dev.claimcheck.webhook.InvalidWebhookException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The one place that turns failures into RFC 9457 problem details. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** The answer to a request that failed with {@code failure}. */
    Answer.InMemory answer(Throwable failure, Request request) {
        return switch (failure) {
            case ApiException e -> problem(e.code(), e.detail(), e.headers());
            case InvalidFileNameException e ->
                problem(ErrorCode.INVALID_FILENAME, String.valueOf(e.getMessage()), Map.of());
            case InvalidOptionException e ->
                problem(ErrorCode.INVALID_OPTION, String.valueOf(e.getMessage()), Map.of());
            case NotAPictureException e -> problem(ErrorCode.NOT_A_PICTURE, String.valueOf(e.getMessage()), Map.of());
            case InvalidWebhookException e ->
                problem(ErrorCode.INVALID_WEBHOOK, String.valueOf(e.getMessage()), Map.of());
            case ResumableProblem e -> e.answer();
            case UploadRefused e -> refused(e);
            case StorageFullException _ ->
                problem(
                        ErrorCode.STORAGE_FULL,
                        "There is no space left for this file. Try again later or tell the operator; a resumable upload can go on from where it stands.",
                        Map.of());
            case StorageException e -> {
                log(e, request);
                yield problem(
                        ErrorCode.UNAVAILABLE,
                        "The storage did not answer as it should. Try again in a few seconds.",
                        Map.of());
            }
            case DatabaseUnavailableException e -> {
                log(e, request);
                yield problem(
                        ErrorCode.UNAVAILABLE,
                        "The database is away. Try again in a few seconds; the same upload again does no harm.",
                        Map.of());
            }
            case HttpException e
            when e.getCode() < 500 ->
                problem(
                        e.getCode() == 413 ? ErrorCode.BODY_TOO_LARGE : ErrorCode.INVALID_REQUEST,
                        "The request is not valid HTTP. Check its headers and its path.",
                        Map.of());
            case InterruptedException _ -> {
                Thread.currentThread().interrupt();
                yield problem(ErrorCode.UNAVAILABLE, "The service is stopping. Try again in a few seconds.", Map.of());
            }
            default -> {
                log(failure, request);
                yield problem(
                        ErrorCode.INTERNAL_ERROR,
                        "Something in the service failed; its log says more. Try again, and tell the operator if it stays.",
                        Map.of());
            }
        };
    }

    private static Answer.InMemory refused(UploadRefused refusal) {
        Map<String, String> headers = refusal.offset().isPresent()
                ? Map.of("Upload-Offset", Long.toString(refusal.offset().getAsLong()))
                : Map.of();
        return problem(codeOf(refusal.reason()), String.valueOf(refusal.getMessage()), headers);
    }

    static ErrorCode codeOf(UploadRefused.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ErrorCode.UPLOAD_NOT_FOUND;
            case WRONG_OFFSET -> ErrorCode.OFFSET_MISMATCH;
            case COMPLETE -> ErrorCode.UPLOAD_COMPLETE;
            case WRONG_LENGTH -> ErrorCode.LENGTH_MISMATCH;
            case WRONG_CHECKSUM -> ErrorCode.CHECKSUM_MISMATCH;
            case WRONG_CHUNK_SIZE -> ErrorCode.WRONG_CHUNK_SIZE;
            case CHUNK_DIFFERS -> ErrorCode.CHUNK_CONFLICT;
            case WRONG_TYPE -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
            case NOT_SIGNED -> ErrorCode.SIGNATURE_MISMATCH;
            case EMPTY -> ErrorCode.EMPTY_FILE;
            case TOO_LARGE -> ErrorCode.FILE_TOO_LARGE;
            case NOT_POSSIBLE -> ErrorCode.UPLOAD_NOT_POSSIBLE;
            case JOINED -> ErrorCode.UPLOAD_JOINED;
            case SUPERSEDED -> ErrorCode.SUPERSEDED;
            case NOT_ENDING -> ErrorCode.UNAVAILABLE;
            case OBJECT_MISSING -> ErrorCode.OBJECT_MISSING;
            case NOT_KNOWN -> ErrorCode.NOT_KNOWN;
            case NOT_PROVEN -> ErrorCode.CHALLENGE_FAILED;
        };
    }

    static Answer.InMemory problem(ErrorCode code, String detail, Map<String, String> headers) {
        var body = JsonMapper.shared()
                .createObjectNode()
                .put("type", "about:blank#" + code.code())
                .put("title", code.title())
                .put("status", code.status())
                .put("detail", detail)
                .put("code", code.code());
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/problem+json");
        all.put("Cache-Control", "no-store");
        if (code == ErrorCode.IDEMPOTENCY_KEY_IN_FLIGHT || code == ErrorCode.OBJECT_MISSING) {
            all.put("Retry-After", "2");
        }
        if (code.status() == 503 || code.status() == 507) {
            all.put("Retry-After", code.status() == 507 ? "60" : "5");
        }
        if (code == ErrorCode.UPLOAD_TIMEOUT
                || code == ErrorCode.FILE_TOO_LARGE
                || code == ErrorCode.STORAGE_FULL
                || code == ErrorCode.SUPERSEDED
                || code == ErrorCode.BODY_TOO_LARGE) {
            all.put("Connection", "close"); // The rest of the body is not wanted.
        }
        return new Answer.InMemory(code.status(), all, Answer.utf8(body.toString()));
    }

    private static void log(Throwable failure, Request request) {
        LOG.atError()
                .setCause(failure)
                .addKeyValue("method", request.getMethod())
                .addKeyValue("path", Request.getPathInContext(request))
                .log("a request failed; the client was told to try again");
    }
}
