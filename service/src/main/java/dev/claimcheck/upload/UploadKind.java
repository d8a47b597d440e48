package dev.claimcheck.upload;

/** How an upload that takes more than one request comes in. */
public enum UploadKind {
    /** By one PUT to a signed URL. */
    PRESIGNED,
    /** As numbered chunks in any order. */
    CHUNKED,
    /** In order, resumable at an offset. */
    RESUMABLE,
    /** As RESUMABLE, to be joined with others later; no job of its own. */
    PART
}
