@NullMarked
package dev.claimcheck.queue;

import org.jspecify.annotations.NullMarked;
