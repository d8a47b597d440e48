/**
 * The Java client library: hand in a video, follow its job, collect the results. Blocking calls that are at home on virtual threads; transient
 * failures are retried inside, everything else is a {@link dev.claimcheck.client.ClaimcheckException} with the service's stable code.
 */
@NullMarked
package dev.claimcheck.client;

import org.jspecify.annotations.NullMarked;
