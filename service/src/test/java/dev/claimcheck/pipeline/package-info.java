@NullMarked
package dev.claimcheck.pipeline;

import org.jspecify.annotations.NullMarked;
