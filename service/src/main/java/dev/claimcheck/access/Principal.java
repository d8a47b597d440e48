package dev.claimcheck.access;

import dev.claimcheck.job.OwnerId;

/** Who is asking. */
public record Principal(OwnerId owner, Role role) {
    /** Whether this one may see and change what belongs to {@code other}. */
    public boolean mayReach(OwnerId other) {
        return isAdmin() || owner.equals(other);
    }

    /** Whether this one may manage keys and read metrics. */
    public boolean isAdmin() {
        return role == Role.ADMIN;
    }
}
