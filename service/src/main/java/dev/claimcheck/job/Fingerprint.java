package dev.claimcheck.job;

/**
 * What tells uploads apart.
 *
 * @param sha256 of the content
 * @param contentKey SHA-256(content ‖ filename): the identity of the upload
 */
public record Fingerprint(Digest sha256, Digest contentKey) {}
