package dev.claimcheck.watermark;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The owners' watermarks. Thread-safe. */
public final class Watermarks {
    /** Largest file, in bytes. */
    public static final long MOST_BYTES = 5_000_000;

    /** Longest side, in pixels. */
    public static final int MOST_PIXELS = 4096;

    private static final int MOST_PER_OWNER = 1_000;

    /** The count is taken one after the other, else two at once would both be the last that fits. */
    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('watermarks of ' || :owner, 0))";

    private static final String INSERT = """
            INSERT INTO watermark (watermark_id, owner, content_type, width, height, size_bytes)
            SELECT :id, :owner, :type, :width, :height, :size
            WHERE (SELECT count(*) FROM watermark WHERE owner = :owner AND deleted_at IS NULL) < :most
            RETURNING watermark_id, content_type, width, height, size_bytes, created_at
            """;

    private static final String LIST = """
            SELECT watermark_id, content_type, width, height, size_bytes, created_at FROM watermark
            WHERE owner = :owner AND deleted_at IS NULL ORDER BY created_at, watermark_id
            """;

    private static final String DELETE = """
            UPDATE watermark SET deleted_at = now() WHERE watermark_id = :id AND owner = :owner AND deleted_at IS NULL
            """;

    private static final String EXISTS = """
            SELECT EXISTS (SELECT FROM watermark WHERE watermark_id = :id AND owner = :owner AND deleted_at IS NULL)
            """;

    private final Database database;
    private final ObjectStore store;

    public Watermarks(Database database, ObjectStore store) {
        this.database = database;
        this.store = store;
    }

    /** A picture on its way in. Closing it without {@link #finish} drops it. */
    public final class Incoming implements AutoCloseable {
        private final UUID id = UUID.randomUUID();
        private final String key = WatermarkPlacement.objectKey(id);
        private final ObjectWriter writer = store.create(key);

        private Incoming() {}

        /** Takes the picture's next bytes. */
        public ObjectWriter writer() {
            return writer;
        }

        /**
         * Keeps the picture; when this returns it is durable.
         *
         * @throws NotAPictureException and nothing is kept
         */
        public Watermark finish(OwnerId owner) {
            writer.commit();
            try {
                PictureHeader header = checked();
                return database.inTransaction(handle -> insert(handle, owner, header));
            } catch (NotAPictureException e) {
                store.deletePrefix(key);
                throw e;
            }
        }

        private PictureHeader checked() {
            try (SeekableByteChannel picture =
                    store.open(key).orElseThrow(() -> new StorageException("a watermark is gone", null))) {
                PictureHeader header = PictureHeader.read(picture)
                        .orElseThrow(() -> new NotAPictureException(
                                "This is no PNG, JPEG or WebP picture. Send one of these; a PNG may be transparent."));
                if (Math.max(header.width(), header.height()) > MOST_PIXELS) {
                    throw new NotAPictureException("The picture has " + header.width() + " × " + header.height()
                            + " pixels. Send one of at most " + MOST_PIXELS + " on each side.");
                }
                return header;
            } catch (IOException e) {
                throw new StorageException("a watermark cannot be read", e);
            }
        }

        private Watermark insert(Handle handle, OwnerId owner, PictureHeader header) {
            handle.createQuery(ONE_AT_A_TIME)
                    .bind("owner", owner.value())
                    .mapTo(String.class)
                    .list();
            return handle.createQuery(INSERT)
                    .bind("id", id)
                    .bind("owner", owner.value())
                    .bind("type", header.contentType())
                    .bind("width", header.width())
                    .bind("height", header.height())
                    .bind("size", writer.size())
                    .bind("most", MOST_PER_OWNER)
                    .map((row, _) -> watermark(row))
                    .findOne()
                    .orElseThrow(() -> new NotAPictureException(
                            "You have " + MOST_PER_OWNER + " watermarks. Delete one that you do not need any more."));
        }

        @Override
        public void close() {
            writer.close();
        }
    }

    /** Begins to take in a picture. */
    public Incoming begin() {
        return new Incoming();
    }

    /** The owner's, oldest first. */
    public List<Watermark> list(OwnerId owner) {
        return database.withHandle(handle -> handle.createQuery(LIST)
                .bind("owner", owner.value())
                .map((row, _) -> watermark(row))
                .list());
    }

    /** Whether the owner has it. */
    public boolean exists(OwnerId owner, UUID id) {
        return database.withHandle(handle -> handle.createQuery(EXISTS)
                .bind("owner", owner.value())
                .bind("id", id)
                .mapTo(Boolean.class)
                .one());
    }

    /** Hides it from now on; jobs that asked for it before keep it. False where the owner has none of that id. */
    public boolean delete(OwnerId owner, UUID id) {
        return database.inTransaction(handle -> handle.createUpdate(DELETE)
                        .bind("owner", owner.value())
                        .bind("id", id)
                        .execute()
                == 1);
    }

    /** The watermark of that id as a client writes it; empty for what is no id. */
    public static Optional<UUID> id(String text) {
        return text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                ? Optional.of(UUID.fromString(text))
                : Optional.empty();
    }

    private static Watermark watermark(ResultSet row) throws SQLException {
        return new Watermark(
                row.getObject("watermark_id", UUID.class),
                row.getString("content_type"),
                row.getInt("width"),
                row.getInt("height"),
                row.getLong("size_bytes"),
                row.getTimestamp("created_at").toInstant());
    }
}
