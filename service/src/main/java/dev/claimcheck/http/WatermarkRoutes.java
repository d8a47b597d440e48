package dev.claimcheck.http;

import dev.claimcheck.watermark.Watermark;
import dev.claimcheck.watermark.Watermarks;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Watermarks: upload (a raw body, or the part {@code file} of a form), list, delete. */
final class WatermarkRoutes {
    private final Watermarks watermarks;

    WatermarkRoutes(Watermarks watermarks) {
        this.watermarks = watermarks;
    }

    void addTo(Router router, Idempotency once) {
        router.on("POST", "/watermarks", Router.Access.KEY, once.honoured(this::create))
                .on("GET", "/watermarks", Router.Access.KEY, this::list)
                .on("DELETE", "/watermarks/{watermark_id}", Router.Access.KEY, this::delete);
    }

    private Answer create(Exchange exchange) throws InterruptedException {
        boolean form = exchange.isForm();
        RequestBody body = exchange.body(
                Watermarks.MOST_BYTES + (form ? MultipartForm.MOST_OVERHEAD : 0), ErrorCode.FILE_TOO_LARGE);
        try (Watermarks.Incoming incoming = watermarks.begin()) {
            if (form) {
                MultipartForm parts = new MultipartForm(
                        exchange.header("Content-Type").orElse(""),
                        "file",
                        (_, _) -> incoming.writer()::write,
                        Watermarks.MOST_BYTES,
                        exchange.formDigest());
                body.readChunks(parts::parse);
                parts.requireComplete();
            } else {
                body.read(incoming.writer()::write);
            }
            if (incoming.writer().size() == 0) {
                throw new ApiException(ErrorCode.EMPTY_FILE, "The picture has no content. Send its bytes as the body.");
            }
            return Answer.json(201, json(incoming.finish(exchange.principal().owner())));
        }
    }

    private Answer list(Exchange exchange) {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ArrayNode all = body.putArray("watermarks");
        watermarks.list(exchange.principal().owner()).forEach(watermark -> all.add(json(watermark)));
        return Answer.json(200, body);
    }

    private Answer delete(Exchange exchange) {
        boolean deleted = Watermarks.id(exchange.path("watermark_id"))
                .filter(id -> watermarks.delete(exchange.principal().owner(), id))
                .isPresent();
        if (!deleted) {
            throw new ApiException(
                    ErrorCode.NOT_FOUND, "You have no watermark of this id. GET /watermarks lists those you have.");
        }
        return Answer.empty(204);
    }

    private static ObjectNode json(Watermark watermark) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("watermark_id", watermark.id().toString())
                .put("content_type", watermark.contentType())
                .put("width", watermark.width())
                .put("height", watermark.height())
                .put("size", watermark.size())
                .put(
                        "created_at",
                        watermark.createdAt().truncatedTo(ChronoUnit.MILLIS).toString());
    }
}
