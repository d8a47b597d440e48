@NullMarked
package dev.claimcheck.estimate;

import org.jspecify.annotations.NullMarked;
