import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { client } from "../app/session";
import type { ConnectionState, Event, Refused, WholeJob } from "../client";
import { Coalescer, type Batch } from "./coalescer";
import { patched, type JobList } from "./list";

/** The eye does not follow more than four changes a second, and the page has the rest of the time for its user. */
const FLUSH_MS = 250;

/** So long a page is not looked at before it lets its connection go: browsers open six to one service, for all their tabs together. */
const HIDDEN_MS = 30_000;

type Listener = (batch: Batch) => void;

interface Live {
  state: ConnectionState;
  subscribe: (listener: Listener) => () => void;
}

const Context = createContext<Live | null>(null);

/** One stream for the whole page, into the query cache. Pages that show more than jobs listen to the batches themselves. */
export function LiveProvider({ onRefused, children }: { onRefused: (refused: Refused) => void; children: ReactNode }) {
  const cache = useQueryClient();
  const [state, setState] = useState<ConnectionState>("connecting");
  const listeners = useMemo(() => new Set<Listener>(), []);
  useEffect(() => {
    const coalescer = new Coalescer((batch) => {
      apply(cache, batch);
      listeners.forEach((listener) => listener(batch));
    }, FLUSH_MS);
    let away = false;
    const follower = client.events({
      onEvents: (events) => coalescer.events(events),
      onProgress: (jobs) => coalescer.progress(jobs),
      onState: (now) => {
        setState(now);
        // What is not in the log was missed. Lists look after themselves.
        if (now === "live" && away) void cache.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "jobs" });
        away = now === "away" || (away && now !== "live");
      },
      onGap: () => void cache.invalidateQueries(),
      onRefused,
    });
    const online = () => follower.retryNow();
    let hidden = 0;
    const look = () => {
      window.clearTimeout(hidden);
      if (document.visibilityState === "hidden") hidden = window.setTimeout(() => follower.pause(), HIDDEN_MS);
      else follower.resume();
    };
    window.addEventListener("online", online);
    document.addEventListener("visibilitychange", look);
    return () => {
      window.clearTimeout(hidden);
      window.removeEventListener("online", online);
      document.removeEventListener("visibilitychange", look);
      follower.stop();
      coalescer.stop();
    };
  }, [cache, listeners, onRefused]);
  const live = useMemo(
    () => ({
      state,
      subscribe: (listener: Listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    }),
    [state, listeners],
  );
  return <Context value={live}>{children}</Context>;
}

function useLive(): Live {
  const live = useContext(Context);
  if (live === null) throw new Error("there is no LiveProvider around this");
  return live;
}

export function useConnection(): ConnectionState {
  return useLive().state;
}

/** Calls the listener with each batch, as long as the component is there. The listener must be stable. */
export function useBatches(listener: Listener): void {
  const { subscribe } = useLive();
  useEffect(() => subscribe(listener), [subscribe, listener]);
}

/** How often to ask when nothing is told: seldom while the stream is there, else on the schedule. */
export function useInterval(quickMs: number): number {
  return useConnection() === "live" ? 60_000 : quickMs;
}

/** Progress goes straight into whatever shows the job. What was logged has no body: those who show it read it anew. */
function apply(cache: QueryClient, { progress }: Batch): void {
  if (progress.size === 0) return;
  for (const [id, job] of progress) cache.setQueryData<WholeJob>(["job", id], (known) => (known === undefined ? known : { ...known, ...job }));
  for (const query of cache.getQueryCache().findAll({ queryKey: ["jobs"] })) {
    const filter = query.queryKey[1] as { status: readonly WholeJob["status"][] };
    cache.setQueryData<JobList>(query.queryKey, (list) => (list === undefined ? list : patched(list, progress, filter.status)));
  }
}

/** The events of one job, as they come, behind those read before. */
export function eventsOf(batch: Batch, id: string): Event[] {
  return batch.tail.filter(({ job_id }) => job_id === id);
}
