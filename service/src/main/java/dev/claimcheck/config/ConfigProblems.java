package dev.claimcheck.config;

import java.util.List;

/** The configuration cannot be used; the message lists every problem, one a line. */
public final class ConfigProblems extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String[] problems;

    ConfigProblems(List<String> problems) {
        super("The configuration has " + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                + ":\n  - " + String.join("\n  - ", problems));
        this.problems = problems.toArray(String[]::new);
    }

    /** Each problem: the key, the fault of its value, an example. */
    public List<String> problems() {
        return List.of(problems);
    }
}
