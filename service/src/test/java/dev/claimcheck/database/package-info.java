@NullMarked
package dev.claimcheck.database;

import org.jspecify.annotations.NullMarked;
