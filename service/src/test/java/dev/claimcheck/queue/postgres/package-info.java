@NullMarked
package dev.claimcheck.queue.postgres;

import org.jspecify.annotations.NullMarked;
