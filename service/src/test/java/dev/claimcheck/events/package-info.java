@NullMarked
package dev.claimcheck.events;

import org.jspecify.annotations.NullMarked;
