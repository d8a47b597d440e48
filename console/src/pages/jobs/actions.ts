import { hasEnded, Refused, type Claimcheck, type Job } from "../../client";

export type Action = "retry" | "cancel" | "delete";

/** What can be done to a job now. */
export function possible(action: Action, job: Job): boolean {
  switch (action) {
    case "retry":
      return job.status === "FAILED" && job.retry_allowed === true;
    case "cancel":
      return !hasEnded(job);
    case "delete":
      return hasEnded(job);
  }
}

const AT_ONCE = 6;

export interface BulkResult {
  done: string[];
  /** Why others were refused, each reason once, with how many. */
  refused: Map<string, number>;
}

/** Does it to many jobs, a few at once; what is refused does not stop the rest. */
export async function toMany(client: Claimcheck, action: Action, ids: readonly string[], onEnded: (ended: number) => void = () => undefined): Promise<BulkResult> {
  const result: BulkResult = { done: [], refused: new Map() };
  const waiting = [...ids];
  let ended = 0;
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        await act(client, action, id);
        result.done.push(id);
      } catch (failure) {
        if (!(failure instanceof Refused)) throw failure;
        result.refused.set(failure.message, (result.refused.get(failure.message) ?? 0) + 1);
      }
      onEnded(++ended);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}

function act(client: Claimcheck, action: Action, id: string): Promise<Response> {
  switch (action) {
    case "retry":
      return client.retry(id);
    case "cancel":
      return client.cancel(id);
    case "delete":
      return client.remove(id);
  }
}
