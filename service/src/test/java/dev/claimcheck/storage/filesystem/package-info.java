@NullMarked
package dev.claimcheck.storage.filesystem;

import org.jspecify.annotations.NullMarked;
