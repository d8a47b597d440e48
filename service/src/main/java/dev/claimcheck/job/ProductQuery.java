package dev.claimcheck.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds what a job need not make. */
final class ProductQuery {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Only of the owner's jobs of the same content. A job whose content is not known yet finds nothing, and is found by nobody. The oldest is taken where there are several, so that all later jobs lean on
     * the same objects: what is made of those is known by their names.
     */
    private static final String FIND = """
            SELECT DISTINCT ON (p.product_key) p.job_id, p.kind, p.common, encode(p.product_key, 'hex') AS product_key, p.result, made.outputs
            FROM job own
            JOIN job j ON j.owner = own.owner AND j.content_sha256 = own.content_sha256
            JOIN product p ON p.job_id = j.job_id
                AND p.product_key IN (SELECT decode(wanted.hex, 'hex') FROM unnest(CAST(:keys AS text[])) AS wanted (hex))
            CROSS JOIN LATERAL (
                SELECT count(*) AS count,
                       coalesce(json_agg(json_build_object(
                           'path', o.path, 'key', o.object_key, 'type', o.content_type, 'size', o.size_bytes) ORDER BY o.path), '[]') AS outputs
                FROM (SELECT path, object_key, content_type, size_bytes FROM output
                      WHERE step_id = p.step_id AND product = p.number AND path IS DISTINCT FROM p.common
                      UNION ALL
                      SELECT path, object_key, content_type, size_bytes FROM output WHERE job_id = p.job_id AND path = p.common) AS o) AS made
            WHERE own.job_id = :job AND made.count = p.outputs + CAST(p.common IS NOT NULL AS int)
            ORDER BY p.product_key, p.job_id, p.step_id
            """;

    private ProductQuery() {}

    static Map<Digest, Product> find(Handle handle, JobId job, Collection<Digest> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return handle
                .createQuery(FIND)
                .bind("job", job.value())
                .bindArray("keys", String.class, keys.stream().map(Digest::hex).toArray())
                .map((row, _) -> new Product(
                        row.getString("kind"),
                        new Digest(row.getString("product_key")),
                        JSON.readTree(row.getString("result")),
                        outputs(JSON.readTree(row.getString("outputs"))),
                        Optional.ofNullable(row.getString("common")),
                        Optional.of(new JobId(row.getObject("job_id", UUID.class)))))
                .stream()
                .collect(Collectors.toMap(Product::key, Function.identity()));
    }

    private static List<Output> outputs(JsonNode outputs) {
        return outputs.valueStream().map(JobViewMapper::output).toList();
    }
}
