/** The Java client library: uploads, resumes, and polls on the schedule that the service asks for. */
@NullMarked
package dev.claimcheck.client;

import org.jspecify.annotations.NullMarked;
