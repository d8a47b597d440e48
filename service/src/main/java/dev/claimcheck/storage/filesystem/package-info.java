/**
 * Objects as files. A write goes to {@code .incoming}, is fsynced, and appears under its key by one atomic rename; leftovers of a
 * crash in {@code .incoming} are swept when the store is opened.
 */
@NullMarked
package dev.claimcheck.storage.filesystem;

import org.jspecify.annotations.NullMarked;
