/** The queue on Postgres alone: one statement claims, LISTEN wakes. When the database is away, claims fail and nothing is taken. */
@NullMarked
package dev.claimcheck.queue.postgres;

import org.jspecify.annotations.NullMarked;
