@NullMarked
package dev.claimcheck.storage;

import org.jspecify.annotations.NullMarked;
