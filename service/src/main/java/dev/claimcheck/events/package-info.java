/**
 * The event log as readers see it. {@link dev.claimcheck.events.JobChanges} tails it to tell caches which jobs changed; when the
 * line to the database breaks, it says so, and nothing cached may be believed until it is back.
 */
@NullMarked
package dev.claimcheck.events;

import org.jspecify.annotations.NullMarked;
