/**
 * The database: an embedded Postgres under the data folder or the user's own, the pool, migrations, and notifications. It knows
 * nothing of what is stored. When the database is away, calls fail with {@link dev.claimcheck.database.DatabaseUnavailableException};
 * the embedded one is started again by its supervisor, and listeners are told that they may have missed something.
 */
@NullMarked
package dev.claimcheck.database;

import org.jspecify.annotations.NullMarked;
