/**
 * Objects in a bucket of Amazon S3 or of anything that speaks its protocol. Whole objects are one PUT or one multipart upload; an object that comes in over
 * several requests is a multipart upload from the start, and what is too short for a part waits beside it as a <em>tail</em>. How far such an object has come
 * is what the bucket says, so a crash loses nothing that was acknowledged and leaves nothing that the sweep cannot find.
 *
 * <pre>
 *   PREFIX sources/ jobs/ parts/     objects, and multipart uploads that become objects
 *   PREFIX tails/KEY/NUMBER          the bytes behind the last part of KEY, to be the beginning of part NUMBER
 *   PREFIX incoming/KEY              what a signed PUT brought, where the endpoint cannot refuse overwriting
 * </pre>
 *
 * Bytes on their way wait in files of the spool folder, never whole in memory. Decisions: docs/decisions/0006.
 */
@NullMarked
package dev.claimcheck.storage.s3;

import org.jspecify.annotations.NullMarked;
