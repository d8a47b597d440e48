/**
 * The packaged program, started as its users start it and judged by what they see: HTTP answers, files, processes. Nothing here
 * reaches inside the service.
 */
@NullMarked
package dev.claimcheck.e2e;

import org.jspecify.annotations.NullMarked;
