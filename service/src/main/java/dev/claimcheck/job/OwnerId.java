package dev.claimcheck.job;

/** Whose job it is. Owners never see each other's jobs: to one, the other's job does not exist. */
public record OwnerId(String value) {
    public OwnerId {
        if (value.isEmpty() || value.length() > 128) {
            throw new IllegalArgumentException("an owner's name has 1 to 128 characters");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
