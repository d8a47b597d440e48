@NullMarked
package dev.claimcheck.http;

import org.jspecify.annotations.NullMarked;
