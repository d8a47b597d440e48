@NullMarked
package dev.claimcheck.config;

import org.jspecify.annotations.NullMarked;
