/** Measurements beside peers on the same machine in the same run. Never a dependency of anything, never part of the tests. */
@NullMarked
package dev.claimcheck.bench;

import org.jspecify.annotations.NullMarked;
