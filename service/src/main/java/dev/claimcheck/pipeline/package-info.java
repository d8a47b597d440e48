/**
 * What a job does: the plan (a small DAG of steps, made after the probe) and one handler per kind of step. A handler reads the
 * source and earlier steps' results, writes files into its scratch folder, hands them to {@link
 * dev.claimcheck.pipeline.StepWorkspace}, and returns a sealed outcome. It knows nothing of leases, queues or retries.
 */
@NullMarked
package dev.claimcheck.pipeline;

import org.jspecify.annotations.NullMarked;
