package dev.claimcheck.client;

import java.nio.file.Path;
import java.util.Optional;

/** Chooses the way of an upload and sees it through. Thread-safe. */
record Uploader(HttpCalls calls) {
    UploadReceipt upload(Path path, UploadOptions options, UploadListener listener) throws InterruptedException {
        try (SourceFile file = SourceFile.open(path)) {
            String filename = options.filename().orElseGet(() -> String.valueOf(path.getFileName()));
            UploadProgress progress = new UploadProgress(listener, file.size());
            Optional<String> sha256 = options.instant() ? Optional.of(file.sha256(progress::hashed)) : Optional.empty();
            Upload unwritten = new Upload(calls, file, filename, options, progress, Optional.empty(), sha256);
            if (options.instant()) {
                Optional<UploadReceipt> receipt = new InstantUpload(unwritten).ask();
                if (receipt.isPresent()) {
                    return receipt.get();
                }
            }
            if (options.journal().isEmpty()) {
                return send(options.wayFor(file.size()), unwritten);
            }
            return sendWrittenDown(options.journal().get(), unwritten);
        }
    }

    private UploadReceipt sendWrittenDown(UploadJournal journal, Upload unwritten) throws InterruptedException {
        SourceFile file = unwritten.file();
        UploadJournal.Subject subject = new UploadJournal.Subject(
                calls.base().toString(),
                file.path(),
                unwritten.filename(),
                file.size(),
                file.modified().toInstant(),
                unwritten.options().processing().members().toString());
        UploadWay way;
        try (UploadJournal.Page page = journal.open(subject)) {
            way = wayOf(unwritten, page);
            if (way != UploadWay.DIRECT) {
                return sendOn(page, way, unwritten.on(page));
            }
        }
        // There is nothing to go on with, so nothing to keep others from.
        return send(way, unwritten);
    }

    private UploadReceipt sendOn(UploadJournal.Page page, UploadWay way, Upload upload) throws InterruptedException {
        try {
            UploadReceipt receipt = send(way, upload);
            page.clear();
            return receipt;
        } catch (ClaimcheckException e) {
            if (isRefusal(e)) {
                page.clear();
            }
            throw e;
        }
    }

    /** An upload goes on the way it began, unless another one is asked for. */
    private static UploadWay wayOf(Upload upload, UploadJournal.Page page) {
        UploadWay chosen = upload.options().wayFor(upload.file().size());
        return upload.options().way() == UploadWay.AUTO
                ? page.read().map(UploadJournal.Entry::way).orElse(chosen)
                : chosen;
    }

    private static UploadReceipt send(UploadWay way, Upload upload) throws InterruptedException {
        try {
            return UploadMethod.of(way, upload).send();
        } catch (ClaimcheckException e) {
            // The signed address may be one that only the service's own network knows.
            boolean elsewhere = upload.options().way() == UploadWay.AUTO
                    && way == UploadWay.PRESIGNED
                    && e.code().equals(ClaimcheckException.STORAGE_UNREACHABLE);
            if (!elsewhere) {
                throw e;
            }
            return UploadMethod.of(UploadWay.CHUNKED, upload).send();
        }
    }

    /** What the service refuses for good; a wrong key or a full disk can be mended, and the upload goes on. */
    private static boolean isRefusal(ClaimcheckException e) {
        boolean about = e.status() >= 400 && e.status() < 500 && e.status() != 401 && e.status() != 403;
        return (about && !e.isPassing()) || e.code().equals(ClaimcheckException.FILE_CHANGED);
    }
}
