package dev.claimcheck.client;

/** How the bytes of a file travel. */
public enum UploadWay {
    /**
     * Chosen by size: {@link #DIRECT} below {@link UploadOptions#PRESIGNED_FROM}, {@link #CHUNKED} from {@link UploadOptions#CHUNKED_FROM} on, {@link #PRESIGNED}
     * between. An upload that a journal knows goes on the way it began.
     */
    AUTO,
    /** One request to the service. A cut starts it again from the first byte. */
    DIRECT,
    /** One PUT to a signed address, which may be the object storage's own. A cut starts the PUT again from the first byte. */
    PRESIGNED,
    /** Numbered chunks, several at once. A cut costs the chunks under way. Resumable. */
    CHUNKED,
    /** tus 1.0.0: one stream in order that goes on at the byte where it was cut. Resumable. */
    TUS;

    /** Whether what has arrived stays of use when this program ends in the middle. */
    public boolean isResumable() {
        return this == CHUNKED || this == TUS;
    }
}
