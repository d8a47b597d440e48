package dev.claimcheck.worker;

import dev.claimcheck.job.LeaseReport;
import dev.claimcheck.job.LeasedStep;
import org.jspecify.annotations.Nullable;

/** An attempt under way: its progress and the thread that works on it. Thread-safe. */
final class Attempt {
    private final LeasedStep step;
    private final Thread thread;
    private double fraction;
    private @Nullable String message;
    private boolean changed;
    private boolean calledOff;
    private boolean handedBack;
    private boolean working = true;

    Attempt(LeasedStep step, Thread thread) {
        this.step = step;
        this.thread = thread;
    }

    LeasedStep step() {
        return step;
    }

    synchronized void progress(double newFraction, String newMessage) {
        double grown = Math.max(fraction, Math.clamp(newFraction, 0, 1));
        if (grown != fraction || !newMessage.equals(message)) {
            fraction = grown;
            message = newMessage;
            changed = true;
        }
    }

    /** The report to send, where there is anything new or {@code renewal} is due. */
    synchronized @Nullable LeaseReport report(boolean renewal) {
        if (!changed && !renewal) {
            return null;
        }
        changed = false;
        return new LeaseReport(step.lease(), step.jobId(), fraction, message);
    }

    /** The lease is gone: interrupts the work, if it is still going on. */
    synchronized void callOff() {
        calledOff = true;
        interruptWork();
    }

    /** The worker stops: interrupts the work so that the step goes back to the queue. */
    synchronized void handBack() {
        handedBack = true;
        interruptWork();
    }

    /** From now on nobody interrupts the thread any more: it records the outcome. Clears an interrupt that came too late. */
    synchronized void workEnded() {
        working = false;
        Thread.interrupted();
    }

    synchronized boolean wasCalledOff() {
        return calledOff;
    }

    synchronized boolean wasHandedBack() {
        return handedBack;
    }

    private void interruptWork() {
        if (working) {
            thread.interrupt();
        }
    }
}
