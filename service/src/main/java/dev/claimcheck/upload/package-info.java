/**
 * How bytes come in and become a job. They are hashed while they stream into the object store; when they are durable, the job is
 * submitted in one transaction, and only then is the upload acknowledged. Whatever fails before leaves nothing behind; what is lost
 * between the two is swept as an upload without a job.
 */
@NullMarked
package dev.claimcheck.upload;

import org.jspecify.annotations.NullMarked;
