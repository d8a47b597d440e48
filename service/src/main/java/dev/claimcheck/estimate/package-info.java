/**
 * When a job will be done and how many are before it.
 *
 * <p>Every step has a predicted cost in compute-seconds of a reference machine. {@link dev.claimcheck.estimate.SpeedHistory} learns how many seconds of the clock
 * steps of a class really take per compute-second; {@link dev.claimcheck.estimate.Conditions} is what goes on besides: who waits, what runs, how many workers there
 * are. {@link dev.claimcheck.estimate.CompletionEstimator} plays the rest of a job through with both and says when it ends, with how much doubt. What was said when a
 * job's plan was known is held against its real end ({@link dev.claimcheck.estimate.ForecastLedger}).
 *
 * <p>Nothing here is in the way of a claim or an acknowledgement: workers hand over what they learnt every few seconds, readers share one picture of the queue that is
 * taken at most every two seconds, and only while somebody asks.
 */
@NullMarked
package dev.claimcheck.estimate;

import org.jspecify.annotations.NullMarked;
