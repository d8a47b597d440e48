@NullMarked
package dev.claimcheck.operations;

import org.jspecify.annotations.NullMarked;
