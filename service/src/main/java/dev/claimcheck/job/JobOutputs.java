package dev.claimcheck.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What a job offers, also what it has taken over from other jobs: those objects lie in the other jobs' folders, and stay for as long as an {@code output} row points to them.
 *
 * <p>Why nothing that is pointed to is ever swept. The sweeper deletes an object only after a look at {@code output}, later than the commit that called it unwanted, found no row that points to it. A row
 * that points to an object of another job comes from another row that does so and that stays until it is committed: {@link #lock} holds the giving job's row, without which nobody changes its outputs, and
 * {@link #settled} looks only then. So there is no moment at which the last committed row is gone and a new one is still to come: once none is there, none ever will be. Nor is anything left behind: every
 * transaction that removes a row which points into another job's folder also calls that folder unwanted. Of two such at once, the one that commits later has its garbage looked at when both are gone. A sweeper
 * that dies in between looks again, as its garbage row goes last. And what an attempt is still writing is nobody's garbage: objects are taken over from steps that have ended.
 */
final class JobOutputs {
    private static final String SHARE = "SELECT 1 FROM job WHERE job_id = :job FOR SHARE";

    private static final String COUNT_THERE = """
            SELECT count(DISTINCT object_key) FROM output
            WHERE job_id = ANY (CAST(:givers AS uuid[])) AND object_key COLLATE "C" = ANY (CAST(:keys AS text[]))
            """;

    /**
     * A later step's output takes the place of an earlier one's, as all of the sound does of its beginning; also where the earlier one is made again after it. What gives way may have been the last to point to
     * an object of another job.
     */
    private static final String INSERT_OUTPUTS = """
            WITH made AS (
                SELECT * FROM unnest(CAST(:paths AS text[]), CAST(:keys AS text[]), CAST(:types AS text[]), CAST(:sizes AS bigint[]),
                                     CAST(:products AS smallint[])) AS made (path, object_key, content_type, size_bytes, product)
            ), left_behind AS (
                INSERT INTO garbage (prefix)
                SELECT DISTINCT substring(o.object_key FROM '^jobs/[^/]+/[^/]+/')
                FROM output o JOIN made USING (path)
                WHERE o.job_id = :job AND o.step_id <= :step AND o.object_key <> made.object_key AND NOT starts_with(o.object_key, :own)
            )
            INSERT INTO output (job_id, path, step_id, object_key, content_type, size_bytes, product)
            SELECT :job, path, :step, object_key, content_type, size_bytes, product FROM made
            ON CONFLICT (job_id, path) DO UPDATE
            SET step_id = excluded.step_id, object_key = excluded.object_key, content_type = excluded.content_type,
                size_bytes = excluded.size_bytes, product = excluded.product
            WHERE output.step_id <= excluded.step_id
            """;

    private static final String INSERT_PRODUCT = """
            INSERT INTO product (step_id, number, job_id, kind, product_key, outputs, common, result)
            VALUES (:step, :number, :job, :kind, :key, :outputs, :common, CAST(:result AS jsonb))
            """;

    /** By attempts, not by whole jobs: the job that an object lies with may be there still, and at work. */
    private static final String LEAVE_OTHERS = """
            INSERT INTO garbage (prefix)
            SELECT DISTINCT substring(object_key FROM '^jobs/[^/]+/[^/]+/')
            FROM output WHERE job_id = :job AND NOT starts_with(object_key, :own)
            """;

    /** Of whichever job: they are all made of the same objects. Who is being deleted is left alone, so that nobody waits for anybody here. */
    private static final String FORGET = """
            DELETE FROM product WHERE (step_id, number) IN (
                SELECT p.step_id, p.number
                FROM output bad
                JOIN output o ON o.object_key COLLATE "C" = bad.object_key COLLATE "C"
                JOIN product p ON p.step_id = o.step_id AND p.number = o.product
                WHERE bad.job_id = :job AND bad.path = ANY (:paths)
                FOR UPDATE OF p SKIP LOCKED)
            """;

    private JobOutputs() {}

    /** Locks the job, and shared those that it takes products from, in the one order that everybody keeps. Empty where the job itself is gone. */
    static Optional<JobRow> lock(Handle handle, JobId own, List<Product> products) {
        TreeSet<JobId> jobs = new TreeSet<>();
        jobs.add(own);
        products.forEach(product -> product.from().ifPresent(jobs::add));
        Optional<JobRow> locked = Optional.empty();
        for (JobId job : jobs) {
            if (job.equals(own)) {
                locked = JobRow.lock(handle, own);
            } else {
                handle.createQuery(SHARE)
                        .bind("job", job.value())
                        .mapTo(Integer.class)
                        .findOne();
            }
        }
        return locked;
    }

    /**
     * What is handed in, as it stands now that the giving jobs are locked: a common output may have been brought along by yet another product since. Empty where something that is to be taken over is gone.
     */
    static Optional<List<Product>> settled(Handle handle, List<Product> products) {
        List<Product> settled =
                products.stream().map(product -> settled(handle, product)).toList();
        return areThere(handle, settled) ? Optional.of(settled) : Optional.empty();
    }

    private static Product settled(Handle handle, Product product) {
        return product.from()
                .flatMap(from -> product.common().flatMap(path -> JobQueries.output(handle, from, path)))
                .map(product::withCommon)
                .orElse(product);
    }

    private static boolean areThere(Handle handle, List<Product> products) {
        List<Product> reused = products.stream().filter(Product::isReused).toList();
        Object[] keys = reused.stream()
                .flatMap(product -> product.outputs().stream())
                .map(Output::objectKey)
                .distinct()
                .toArray();
        if (keys.length == 0) {
            return true;
        }
        Object[] givers = reused.stream()
                .flatMap(product -> product.from().stream())
                .map(JobId::toString)
                .distinct()
                .toArray();
        return handle.createQuery(COUNT_THERE)
                        .bindArray("givers", String.class, givers)
                        .bindArray("keys", String.class, keys)
                        .mapTo(Integer.class)
                        .one()
                == keys.length;
    }

    /** Records what a step hands in. */
    static void record(Handle handle, LeasedStep step, List<Output> outputs, List<Product> products) {
        Map<String, Row> rows = new LinkedHashMap<>();
        outputs.forEach(output -> rows.put(output.path(), new Row(output, null)));
        int number = 0;
        for (Product product : products) {
            int its = ++number;
            product.outputs().forEach(output -> rows.put(output.path(), new Row(output, its)));
            handle.createUpdate(INSERT_PRODUCT)
                    .bind("step", step.lease().stepId())
                    .bind("number", its)
                    .bind("job", step.jobId().value())
                    .bind("kind", product.kind())
                    .bind("key", product.key().bytes())
                    .bind(
                            "outputs",
                            product.outputs().size() - (product.common().isPresent() ? 1 : 0))
                    .bind("common", product.common().orElse(null))
                    .bind("result", product.result().toString())
                    .execute();
        }
        if (!rows.isEmpty()) {
            insert(handle, step, List.copyOf(rows.values()));
        }
    }

    /** These outputs are lost or damaged: nobody takes over any more what they belong to. */
    static void forget(Handle handle, JobId job, List<String> paths) {
        handle.createUpdate(FORGET)
                .bind("job", job.value())
                .bindArray("paths", String.class, paths)
                .execute();
    }

    /** Takes back everything that the job offers. */
    static void remove(Handle handle, JobId job) {
        leaveOthers(handle, job);
        for (String table : List.of("product", "output")) {
            handle.createUpdate("DELETE FROM <table> WHERE job_id = :job")
                    .define("table", table)
                    .bind("job", job.value())
                    .execute();
        }
    }

    /** The job ends: other jobs' objects that it leant on may be nobody's then. */
    static void leaveOthers(Handle handle, JobId job) {
        handle.createUpdate(LEAVE_OTHERS)
                .bind("job", job.value())
                .bind("own", folder(job))
                .execute();
    }

    private static void insert(Handle handle, LeasedStep step, List<Row> rows) {
        handle.createUpdate(INSERT_OUTPUTS)
                .bind("job", step.jobId().value())
                .bind("step", step.lease().stepId())
                .bind("own", folder(step.jobId()))
                .bindArray(
                        "paths", String.class, values(rows, row -> row.output().path()))
                .bindArray(
                        "keys", String.class, values(rows, row -> row.output().objectKey()))
                .bindArray(
                        "types", String.class, values(rows, row -> row.output().contentType()))
                .bindArray("sizes", Long.class, values(rows, row -> row.output().size()))
                .bindArray("products", Integer.class, values(rows, Row::product))
                .execute();
    }

    private static @Nullable Object[] values(List<Row> rows, Function<Row, @Nullable Object> value) {
        @Nullable Object[] values = new Object[rows.size()];
        for (int index = 0; index < values.length; index++) {
            values[index] = value.apply(rows.get(index));
        }
        return values;
    }

    private static String folder(JobId job) {
        return "jobs/" + job + "/";
    }

    /** @param product the number of the one it belongs to, within its step */
    private record Row(Output output, @Nullable Integer product) {}
}
