@NullMarked
package dev.claimcheck.webhook;

import org.jspecify.annotations.NullMarked;
