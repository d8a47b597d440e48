/** The command line: thin picocli commands over the client library, and {@code serve}, which starts the service. */
@NullMarked
package dev.claimcheck.cli;

import org.jspecify.annotations.NullMarked;
