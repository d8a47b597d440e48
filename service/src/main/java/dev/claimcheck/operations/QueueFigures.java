package dev.claimcheck.operations;

import dev.claimcheck.job.QueueName;

/**
 * How a queue stands.
 *
 * @param waiting steps that are ready for a worker
 * @param delayed steps that wait for their next try
 * @param running attempts under way
 * @param capacity how many steps the workers that are alive take at once
 * @param oldestWaitSeconds how long the step that became ready first has waited; 0 where none waits
 * @param startedPerMinute attempts started in the last minute
 * @param finishedPerMinute attempts that succeeded in the last minute
 * @param lagSeconds how long the steps that were started in the last minute had waited, on average; where none was started, the oldest wait
 */
public record QueueFigures(
        QueueName queue,
        int waiting,
        int delayed,
        int running,
        int capacity,
        double oldestWaitSeconds,
        int startedPerMinute,
        int finishedPerMinute,
        double lagSeconds) {}
