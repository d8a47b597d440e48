/**
 * The HTTP skin on Jetty 12.1's core API. Answers that are in memory are given on the thread that read the request; everything that may
 * wait runs on a virtual thread of its own. Every failure becomes an RFC 9457 problem with a stable code in one place; clients never see
 * an exception.
 */
@NullMarked
package dev.claimcheck.http;

import org.jspecify.annotations.NullMarked;
