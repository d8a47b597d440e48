@NullMarked
package dev.claimcheck.media;

import org.jspecify.annotations.NullMarked;
