/** What keeps a running service clean and observable: the sweeper of unwanted objects, and health. */
@NullMarked
package dev.claimcheck.operations;

import org.jspecify.annotations.NullMarked;
