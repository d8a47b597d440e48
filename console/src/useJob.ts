import { useCallback, useEffect, useState } from "react";
import { api, Refused, type Job } from "./api";
import { afterError, nextPoll } from "./schedule";

const ENDED = new Set(["COMPLETED", "FAILED", "CANCELLED", "EXPIRED"]);

export function hasEnded(job: Job): boolean {
  return ENDED.has(job.status);
}

/** Follows one job on the polling schedule until it has ended. */
export function useJob(id: string, onRefused: (refused: Refused) => void): { job: Job | null; refresh: () => void } {
  const [job, setJob] = useState<Job | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let timer = 0;
    let gone = false;
    let errors = 0;
    const began = Date.now();
    const poll = async () => {
      try {
        const { job: latest, retryAfter } = await api.status(id);
        if (gone) return;
        errors = 0;
        setJob(latest);
        if (!hasEnded(latest)) timer = window.setTimeout(() => void poll(), nextPoll(Date.now() - began, retryAfter));
      } catch (failure) {
        if (gone) return;
        const passing = failure instanceof Refused && (failure.status === 0 || failure.status >= 500);
        if (passing) timer = window.setTimeout(() => void poll(), afterError(errors++, Math.random()));
        else if (failure instanceof Refused) onRefused(failure);
        else throw failure;
      }
    };
    void poll();
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }, [id, round, onRefused]);
  const refresh = useCallback(() => setRound((value) => value + 1), []);
  return { job, refresh };
}
