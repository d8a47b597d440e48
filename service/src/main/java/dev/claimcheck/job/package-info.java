/**
 * Jobs and their steps: the values, the two transition tables, and the Postgres stores that apply them.
 *
 * <p>Owns the tables {@code job}, {@code step}, {@code step_need}, {@code ready}, {@code delayed}, {@code lease}, {@code output},
 * {@code event} and {@code garbage}. Every change of a job locks its row first and commits together with its event and the steps
 * that it makes ready. Work is handed out at least once; an outcome is accepted only from the attempt whose lease still stands,
 * so effects happen exactly once. When the database is away, every call fails with an exception and nothing is half done.
 */
@NullMarked
package dev.claimcheck.job;

import org.jspecify.annotations.NullMarked;
