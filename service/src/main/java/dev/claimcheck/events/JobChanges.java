package dev.claimcheck.events;

import dev.claimcheck.database.Notifications;
import dev.claimcheck.job.JobId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells listeners which jobs changed: by the event log, and by notices of progress, which is not logged. Thread-safe; listeners must be quick. */
public final class JobChanges {
    private final EventTail tail;
    private final Notifications notifications;
    private final List<Consumer<Set<JobId>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Set<JobId>>> progressListeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();

    /** Tells what {@code tail} reads from here on. */
    public JobChanges(EventTail tail, Notifications notifications) {
        this.tail = tail;
        this.notifications = notifications;
        tail.subscribe(events -> tell(
                listeners,
                events.stream().flatMap(event -> Stream.ofNullable(event.job())).collect(Collectors.toSet())));
        notifications.listen("claimcheck_progress", payload -> {
            Set<JobId> jobs = ids(payload);
            tell(listeners, jobs);
            tell(progressListeners, jobs);
        });
        notifications.onGap(() -> gapListeners.forEach(Runnable::run));
    }

    /** Calls {@code listener} with the ids of jobs that changed, soon after their commit. */
    public void subscribe(Consumer<Set<JobId>> listener) {
        listeners.add(listener);
    }

    /** Calls {@code listener} with the ids of jobs that came further, after everybody who was told that they changed. */
    public void onProgress(Consumer<Set<JobId>> listener) {
        progressListeners.add(listener);
    }

    /** Calls {@code listener} when notices of progress may have been missed: everything known must be dropped. */
    public void onGap(Runnable listener) {
        gapListeners.add(listener);
    }

    /** Whether every change is told right now; while not, nothing cached may be believed. */
    public boolean current() {
        return tail.current() && notifications.isConnected();
    }

    private static void tell(List<Consumer<Set<JobId>>> listeners, Set<JobId> jobs) {
        if (!jobs.isEmpty()) {
            listeners.forEach(listener -> listener.accept(jobs));
        }
    }

    private static Set<JobId> ids(String payload) {
        return Arrays.stream(payload.split(",", -1))
                .flatMap(text -> JobId.parse(text).stream())
                .collect(Collectors.toSet());
    }
}
