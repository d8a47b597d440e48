package dev.claimcheck.job;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns a row of {@link JobQueries} into a {@link JobView}. */
final class JobViewMapper implements RowMapper<JobView> {
    private static final JsonMapper JSON = JsonMapper.shared();

    @Override
    public JobView map(ResultSet row, StatementContext context) throws SQLException {
        return new JobView(
                new JobId(row.getObject("job_id", UUID.class)),
                new OwnerId(row.getString("owner")),
                JobStatus.valueOf(row.getString("status")),
                row.getString("filename"),
                Optional.ofNullable(row.getString("content_type")),
                new Processing(row.getString("profile"), JobOptions.fromJson(JSON.readTree(row.getString("options")))),
                Priority.ofRank(row.getInt("priority")),
                row.getLong("size_bytes"),
                row.getInt("attempt"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                instant(row.getTimestamp("started_at")),
                instant(row.getTimestamp("finished_at")),
                json(row.getString("metadata")),
                json(row.getString("error")),
                row.getBoolean("retry_allowed"),
                json(row.getString("warnings")).orElseGet(JSON::createArrayNode),
                list(row.getString("steps")).stream().map(JobViewMapper::step).toList(),
                list(row.getString("outputs")).stream()
                        .map(JobViewMapper::output)
                        .toList(),
                json(row.getString("subtitles")).orElseGet(JSON::createArrayNode),
                json(row.getString("verification")));
    }

    private static StepView step(JsonNode step) {
        return new StepView(
                step.path("id").asLong(),
                step.path("name").asString(),
                step.path("kind").asString(),
                step.path("work").asString(""),
                step.path("needs").valueStream().map(JsonNode::asLong).toList(),
                step.path("tag").isNumber() ? OptionalDouble.of(step.path("tag").asDouble()) : OptionalDouble.empty(),
                QueueName.ofWireName(step.path("queue").asString()),
                StepState.valueOf(step.path("state").asString()),
                step.path("required").asBoolean(),
                step.path("attempt").asInt(0),
                step.path("retries").asInt(),
                step.path("cost").asDouble(),
                step.path("plans_cost").asDouble(0),
                step.path("fraction").asDouble(0),
                text(step.path("message")),
                text(step.path("started_at")).map(JobViewMapper::instant),
                text(step.path("finished_at")).map(JobViewMapper::instant),
                text(step.path("retry_at")).map(JobViewMapper::instant),
                error(step.path("error")),
                step.path("made").asInt(0),
                step.path("reused").asInt(0));
    }

    static Optional<StepError> error(JsonNode error) {
        return error.isObject()
                ? Optional.of(new StepError(
                        error.path("code").asString(""),
                        error.path("message").asString(""),
                        text(error.path("detail")).orElse(null)))
                : Optional.empty();
    }

    static Output output(JsonNode output) {
        return new Output(
                output.path("path").asString(),
                output.path("key").asString(),
                output.path("type").asString(),
                output.path("size").asLong());
    }

    private static Optional<String> text(JsonNode node) {
        return node.isString() ? Optional.of(node.asString()) : Optional.empty();
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    private static Optional<Instant> instant(@Nullable Timestamp timestamp) {
        return Optional.ofNullable(timestamp).map(Timestamp::toInstant);
    }

    private static Optional<JsonNode> json(@Nullable String text) {
        return Optional.ofNullable(text).map(JSON::readTree);
    }

    private static List<JsonNode> list(@Nullable String text) {
        return json(text).map(array -> array.valueStream().toList()).orElseGet(List::of);
    }
}
