package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutePatternTest {
    private final Router router = new Router()
            .on("GET", "/jobs/counts", Router.Access.KEY, _ -> Answer.empty(204))
            .on("GET", "/jobs/{id}", Router.Access.KEY, _ -> Answer.empty(204))
            .on("POST", "/jobs/{id}/steps/{step...}/retry", Router.Access.KEY, _ -> Answer.empty(204))
            .on("GET", "/media/{token}/{path...}", Router.Access.OPEN, _ -> Answer.empty(204));

    @Test
    void takesManySegmentsUpToWhatFollows() {
        assertThat(parameters("POST", "/jobs/1/steps/transcode/001/retry"))
                .isEqualTo(Map.of("id", "1", "step", "transcode/001"));
        assertThat(parameters("POST", "/jobs/1/steps/poster/retry")).isEqualTo(Map.of("id", "1", "step", "poster"));
        assertThat(parameters("POST", "/jobs/1/steps/retry/retry")).isEqualTo(Map.of("id", "1", "step", "retry"));
        assertThat(parameters("GET", "/media/t/hls/720p/1.m4s"))
                .isEqualTo(Map.of("token", "t", "path", "hls/720p/1.m4s"));
    }

    @Test
    void whatIsNamedGoesBeforeWhatIsNot() {
        assertThat(parameters("GET", "/jobs/counts")).isEmpty();
        assertThat(parameters("GET", "/jobs/7")).isEqualTo(Map.of("id", "7"));
    }

    @Test
    void aPathThatIsTooShortIsNone() {
        for (String path :
                new String[] {"/jobs/1/steps/retry", "/jobs/1/steps/a/again", "/media/t", "/jobs", "/jobs/1/2"}) {
            assertThatThrownBy(() -> router.find("GET", path)).isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> router.find("DELETE", "/jobs/1/steps/a/retry")).hasMessageContaining("POST");
    }

    private Map<String, String> parameters(String method, String path) {
        return router.find(method, path).parameters();
    }
}
