/**
 * Who may do what. API keys carry 256 random bits; only their SHA-256 is kept. Results are reached by links that carry an expiry and a
 * signature. A key that is revoked stops working within seconds, everywhere; when the database is away, unknown keys are refused with
 * 503, not 401.
 */
@NullMarked
package dev.claimcheck.access;

import org.jspecify.annotations.NullMarked;
