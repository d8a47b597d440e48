@NullMarked
package dev.claimcheck.architecture;

import org.jspecify.annotations.NullMarked;
