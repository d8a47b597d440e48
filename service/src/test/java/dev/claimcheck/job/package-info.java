@NullMarked
package dev.claimcheck.job;

import org.jspecify.annotations.NullMarked;
