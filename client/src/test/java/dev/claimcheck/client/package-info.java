@NullMarked
package dev.claimcheck.client;

import org.jspecify.annotations.NullMarked;
