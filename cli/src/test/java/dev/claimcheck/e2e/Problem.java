package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/** What every refusal looks like. */
final class Problem {
    private Problem() {}

    /** Asserts a problem of that status and code, with a sentence for people. */
    static void assertProblem(Api.Answer answer, int status, String code) {
        assertThat(answer.text("code"))
                .as(() -> answer.status() + " " + answer.response().body())
                .isEqualTo(code);
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(status);
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.text("detail"))
                .as("says what happened and what to do")
                .hasSizeGreaterThan(20)
                .doesNotContain("Exception");
    }
}
