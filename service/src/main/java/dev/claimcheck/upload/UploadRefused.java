package dev.claimcheck.upload;

import java.util.OptionalLong;

/** An upload cannot go on as asked; the message says why and what to do. */
public final class UploadRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final long offset;

    /** Why. */
    public enum Reason {
        /** The owner has no such upload, or it has expired or was ended. */
        NOT_FOUND,
        /** The offset is not where the upload stands. */
        WRONG_OFFSET,
        /** It is complete; nothing can be added. */
        COMPLETE,
        /** Its length contradicts what was said before, or what has come. */
        WRONG_LENGTH,
        /** The bytes are not those that were announced. */
        WRONG_CHECKSUM,
        /** The size of the chunk is not the one agreed on. */
        WRONG_CHUNK_SIZE,
        /** The chunk came before with other bytes, which are kept. */
        CHUNK_DIFFERS,
        /** It is declared to be of a type that is not taken. */
        WRONG_TYPE,
        /** It is not the request that a URL was signed for. */
        NOT_SIGNED,
        /** It has no content. */
        EMPTY,
        /** It is larger than this service takes. */
        TOO_LARGE,
        /** What is asked for does not fit this kind of upload. */
        NOT_POSSIBLE,
        /** It is joined from others; nothing can be appended to it. */
        JOINED,
        /** A later request of the same upload took its place. */
        SUPERSEDED,
        /** An earlier request of the same upload hangs in the storage. */
        NOT_ENDING,
        /** The uploaded object is not there (yet). */
        OBJECT_MISSING,
        /** No upload of this content is known, so it has to be sent. */
        NOT_KNOWN,
        /** The proof that the uploader has the file is wrong. */
        NOT_PROVEN
    }

    public UploadRefused(Reason reason, String message) {
        this(reason, message, -1);
    }

    /** @param offset where the upload stands, in bytes */
    public UploadRefused(Reason reason, String message, long offset) {
        super(message);
        this.reason = reason;
        this.offset = offset;
    }

    public Reason reason() {
        return reason;
    }

    /** Where the upload stands, where that is the point. */
    public OptionalLong offset() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    static UploadRefused notFound() {
        return new UploadRefused(
                Reason.NOT_FOUND, "You have no upload of this id. It may have expired or been ended; start a new one.");
    }
}
