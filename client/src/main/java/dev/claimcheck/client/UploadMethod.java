package dev.claimcheck.client;

/** A way of sending a file. */
sealed interface UploadMethod permits DirectUpload, PresignedUpload, ChunkedUpload, TusUpload {
    /** Sends it, through all trouble that may pass. */
    UploadReceipt send() throws InterruptedException;

    static UploadMethod of(UploadWay way, Upload upload) {
        return switch (way) {
            case DIRECT -> new DirectUpload(upload);
            case PRESIGNED -> new PresignedUpload(upload);
            case CHUNKED -> new ChunkedUpload(upload);
            case TUS -> new TusUpload(upload);
            case AUTO -> throw new IllegalArgumentException("a way must have been chosen");
        };
    }
}
