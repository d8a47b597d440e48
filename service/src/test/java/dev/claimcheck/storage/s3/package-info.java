@NullMarked
package dev.claimcheck.storage.s3;

import org.jspecify.annotations.NullMarked;
