import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import { client } from "../../app/session";
import { uploads } from "../../app/uploads";
import type { Job } from "../../client";
import { putJob } from "../../live/useJobs";

/** An upload that has become a job. */
export interface Arrived {
  /** Of the upload: its place among the others. */
  readonly id: number;
  readonly name: string;
  readonly job_id: string;
  /** The ids of its job: a video that was uploaded before has two for a while, the upload's own and the first one's. */
  readonly ids: readonly string[];
  /** Null until the service has told. */
  readonly job: Job | null;
}

interface Entry extends Arrived {
  /** Whether the list of jobs has it. One that was uploaded before and long ago never comes into the list. */
  readonly listed: boolean;
}

/** So many tickets stay in the tray when their uploads have ended. */
const KEPT = 8;

/** This visit's uploads that are jobs by now, in the order in which they became it: their tickets stay where they are, so that nothing moves under somebody's finger. */
export function useArrived(jobs: readonly Job[], refresh: () => void): { arrived: readonly Arrived[]; dismiss: (id: number) => void } {
  const cache = useQueryClient();
  const [entries, setEntries] = useState<readonly Entry[]>([]);
  const dismiss = useCallback((id: number) => setEntries((all) => all.filter((one) => one.id !== id)), []);
  /** The answer may be about the first job of the same video. */
  const ask = useCallback(
    (id: number, asked: string) => {
      client.status(asked).then(
        (job) => {
          setEntries((all) => without(all, job.job_id, id).map((one) => (one.id === id ? { ...one, job, job_id: job.job_id, ids: [...new Set([...one.ids, job.job_id])] } : one)));
          putJob(cache, job);
        },
        () => {
          dismiss(id);
          refresh();
        },
      );
    },
    [cache, dismiss, refresh],
  );
  useEffect(
    () =>
      uploads.onFinished(({ id, name, job_id }) => {
        // Before the upload leaves the tray, which it does next.
        flushSync(() => setEntries((all) => [...without(all, job_id, id), { id, name, job_id, ids: [job_id], job: null, listed: false }].slice(-KEPT)));
        ask(id, job_id);
      }),
    [ask],
  );
  const known = useMemo(() => new Map(jobs.map((job) => [job.job_id, job])), [jobs]);
  useEffect(() => {
    if (entries.every(({ listed, job_id }) => listed === known.has(job_id))) return;
    setEntries((all) => all.map((one) => ({ ...one, listed: known.has(one.job_id) })));
    for (const { id, listed, job_id } of entries) if (listed && !known.has(job_id)) ask(id, job_id); // Deleted, or found to be uploaded before.
  }, [entries, known, ask]);
  const arrived = useMemo(() => entries.map((one) => ({ ...one, job: known.get(one.job_id) ?? one.job })), [entries, known]);
  return { arrived, dismiss };
}

/** One ticket for one job. */
function without(all: readonly Entry[], job_id: string, but: number): readonly Entry[] {
  return all.filter((one) => one.id === but || !one.ids.includes(job_id));
}
