/**
 * {@link dev.claimcheck.Application} puts every part together, by constructor calls from top to bottom: reading it is reading the architecture.
 */
@NullMarked
package dev.claimcheck;

import org.jspecify.annotations.NullMarked;
