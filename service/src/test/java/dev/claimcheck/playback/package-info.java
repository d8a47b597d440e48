@NullMarked
package dev.claimcheck.playback;

import org.jspecify.annotations.NullMarked;
