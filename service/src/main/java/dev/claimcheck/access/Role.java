package dev.claimcheck.access;

/** What a key allows beyond its owner's own jobs. */
public enum Role {
    /** Also keys of every owner, and metrics. */
    ADMIN,
    OWNER
}
