@NullMarked
package dev.claimcheck.cli;

import org.jspecify.annotations.NullMarked;
