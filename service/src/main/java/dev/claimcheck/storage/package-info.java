/**
 * Where bytes live. {@link dev.claimcheck.storage.ObjectStore} is the port; the file system is the default adapter. Keys are made
 * by us alone, never from a user's text. Nothing is visible under a key before it is whole and durable; what a crash leaves of an
 * unfinished write is swept at the next start.
 */
@NullMarked
package dev.claimcheck.storage;

import org.jspecify.annotations.NullMarked;
