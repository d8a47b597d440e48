package dev.claimcheck.http;

import dev.claimcheck.job.Processing;
import dev.claimcheck.upload.ContentTypes;
import dev.claimcheck.upload.FileName;
import dev.claimcheck.upload.UploadSettings;
import dev.claimcheck.upload.Uploads;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code POST /videos/upload}: a multipart form with the part {@code file}, or a raw body with {@code ?filename=}. */
final class UploadRoute {
    private final Uploads uploads;
    private final UploadAnswers answers;
    private final long maxSize;
    private final ContentTypes types;

    UploadRoute(Uploads uploads, UploadAnswers answers, UploadSettings settings) {
        this.uploads = uploads;
        this.answers = answers;
        this.maxSize = settings.maxSize();
        this.types = settings.contentTypes();
    }

    Answer answer(Exchange exchange) throws InterruptedException {
        String contentType = exchange.header("Content-Type").orElse("");
        return exchange.isForm() ? multipart(exchange, contentType) : raw(exchange, contentType);
    }

    private Answer raw(Exchange exchange, String contentType) throws InterruptedException {
        FileName name = FileName.of(exchange.query("filename").orElse(""));
        var priority = UploadAnswers.priority(exchange.query("priority"));
        Processing processing = answers.processing(exchange.principal().owner(), exchange::query);
        types.require(contentType);
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
                            processing,
                            priority)));
        }
    }

    private Answer multipart(Exchange exchange, String contentType) throws InterruptedException {
        RequestBody body = exchange.body(maxSize + MultipartForm.MOST_OVERHEAD, ErrorCode.FILE_TOO_LARGE);
        try (FormFile file = new FormFile(exchange)) {
            MultipartForm form = new MultipartForm(contentType, "file", file::begin, maxSize, exchange.formDigest());
            file.form = form;
            body.readChunks(form::parse);
            form.requireComplete();
            Uploads.Begun upload = file.begun();
            requireContent(upload.file().size());
            return answers.handedIn(uploads.finish(
                    upload,
                    new Uploads.Described(
                            exchange.principal().owner(),
                            file.name(),
                            form.fileContentType(),
                            file.processing(),
                            UploadAnswers.priority(file.said("priority")))));
        }
    }

    /** The file in a form, from its part's headers on. */
    private final class FormFile implements AutoCloseable {
        private final Exchange exchange;
        private final Optional<FileName> asked;
        private @Nullable MultipartForm form;
        private Optional<FileName> name = Optional.empty();
        private Optional<Uploads.Begun> begun = Optional.empty();

        private FormFile(Exchange exchange) {
            this.exchange = exchange;
            this.asked = exchange.query("filename").map(FileName::of);
        }

        /** As far as it has been said by now: the query, then fields of the form. */
        private Processing processing() {
            return answers.processing(exchange.principal().owner(), this::said);
        }

        private Optional<String> said(String name) {
            return exchange.query(name).or(() -> Optional.ofNullable(form).flatMap(fields -> fields.field(name)));
        }

        private Consumer<ByteBuffer> begin(String filename, @Nullable String contentType) {
            types.require(contentType);
            processing(); // What is wrong with fields before the file is said before its bytes come.
            name = asked.or(() -> Optional.of(FileName.of(filename)));
            Uploads.Begun upload = uploads.begin(exchange.request().getLength());
            begun = Optional.of(upload);
            return upload.file()::write;
        }

        private FileName name() {
            return name.orElseThrow();
        }

        private Uploads.Begun begun() {
            return begun.orElseThrow();
        }

        @Override
        public void close() {
            begun.ifPresent(upload -> upload.file().close());
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
