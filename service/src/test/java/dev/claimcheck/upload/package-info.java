@NullMarked
package dev.claimcheck.upload;

import org.jspecify.annotations.NullMarked;
