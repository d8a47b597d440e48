package dev.claimcheck.http;

import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.Uploads;

/** {@code POST /videos/upload}: a multipart form with the part {@code file}, or a raw body with {@code ?filename=}. */
final class UploadRoute {
    private final Uploads uploads;
    private final UploadAnswers answers;
    private final long maxSize;

    UploadRoute(Uploads uploads, UploadAnswers answers, long maxSize) {
        this.uploads = uploads;
        this.answers = answers;
        this.maxSize = maxSize;
    }

    Answer answer(Exchange exchange) throws InterruptedException {
        String contentType = exchange.header("Content-Type").orElse("");
        return exchange.isForm() ? multipart(exchange, contentType) : raw(exchange, contentType);
    }

    private Answer raw(Exchange exchange, String contentType) throws InterruptedException {
        FileName name = FileName.of(exchange.query("filename").orElse(""));
        var priority = UploadAnswers.priority(exchange.query("priority"));
        String profile = UploadAnswers.profile(exchange.query("profile"));
        RequestBody body = exchange.body(maxSize, ErrorCode.FILE_TOO_LARGE);
        if (exchange.request().getLength() == 0) {
            throw emptyFile();
        }
        Uploads.Begun upload = uploads.begin(exchange.request().getLength());
        try (var file = upload.file()) {
            body.read(file::write);
            requireContent(file.size());
            return answers.handedIn(uploads.finish(
                    upload,
                    new Uploads.Described(
                            exchange.principal().owner(),
                            name,
                            contentType.isEmpty() ? null : contentType,
                            profile,
                            priority)));
        }
    }

    private Answer multipart(Exchange exchange, String contentType) throws InterruptedException {
        RequestBody body = exchange.body(maxSize + MultipartForm.MOST_OVERHEAD, ErrorCode.FILE_TOO_LARGE);
        exchange.query("filename").ifPresent(FileName::of);
        Uploads.Begun upload = uploads.begin(exchange.request().getLength());
        try (var file = upload.file()) {
            MultipartForm form = new MultipartForm(contentType, "file", file::write, maxSize, exchange.formDigest());
            body.readChunks(form::parse);
            form.requireComplete();
            FileName name = FileName.of(exchange.query("filename").orElseGet(form::filename));
            requireContent(file.size());
            return answers.handedIn(uploads.finish(
                    upload,
                    new Uploads.Described(
                            exchange.principal().owner(),
                            name,
                            form.fileContentType(),
                            UploadAnswers.profile(exchange.query("profile").or(() -> form.field("profile"))),
                            UploadAnswers.priority(exchange.query("priority").or(() -> form.field("priority"))))));
        }
    }

    private static void requireContent(long size) {
        if (size == 0) {
            throw emptyFile();
        }
    }

    private static ApiException emptyFile() {
        return new ApiException(
                ErrorCode.EMPTY_FILE,
                "The file has no content. Check that it was written completely and send it again.");
    }
}
