package dev.claimcheck.access;

/** What a key allows beyond its owner's own jobs. */
public enum Role {
    /** Also jobs and keys of every owner, operations and metrics. */
    ADMIN,
    OWNER
}
