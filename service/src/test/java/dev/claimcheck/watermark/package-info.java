@NullMarked
package dev.claimcheck.watermark;

import org.jspecify.annotations.NullMarked;
