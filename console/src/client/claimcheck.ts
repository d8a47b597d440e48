import type { Body } from "./api";
import { EventFollower, type EventListener } from "./events";
import { Http, Refused, seconds, type Settings } from "./http";
import { afterError, nextPoll } from "./schedule";
import type * as T from "./types";
import { uploadOne, type UploadOptions } from "./upload";

const ENDED = new Set<T.JobStatus>(["COMPLETED", "FAILED", "CANCELLED", "EXPIRED"]);

export function hasEnded(job: { status: T.JobStatus }): boolean {
  return ENDED.has(job.status);
}

export interface JobFilter {
  status?: readonly T.JobStatus[];
  /** A part of the name, or the id or its end. */
  q?: string;
  /** Another owner's, for admins. */
  owner?: string;
  cursor?: string | null;
  limit?: number;
}

/**
 * The service, for browsers. Errors are `Refused`, with a message for the user. Nothing is kept but the settings; every method can be called at any time.
 */
export class Claimcheck {
  readonly http: Http;

  constructor(settings: Settings) {
    this.http = new Http(settings);
  }

  /** Uploads a file (resumable, by tus) through cuts of the line; gives the job. */
  upload(file: File, options: UploadOptions = {}): Promise<{ job_id: string }> {
    return uploadOne(this.http, file, options);
  }

  /** Asks on the polling schedule until the job has ended. `onChange` sees every answer. */
  async follow(jobId: string, onChange: (job: T.Job) => void = () => {}, signal?: AbortSignal): Promise<T.Job> {
    const began = Date.now();
    let errors = 0;
    for (;;) {
      let wait: number;
      try {
        const response = await this.http.ask("get", "/videos/jobs/{job_id}/status", { path: { job_id: jobId }, signal });
        const job = (await response.json()) as T.Job;
        errors = 0;
        onChange(job);
        if (hasEnded(job)) return job;
        wait = nextPoll(Date.now() - began, seconds(response.headers.get("Retry-After")));
      } catch (failure) {
        if (!(failure instanceof Refused) || !failure.passing) throw failure;
        wait = afterError(errors++, Math.random());
      }
      await pause(wait, signal);
    }
  }

  /** Everything that happens to the owner's jobs, from now on or behind `after`. Call `stop()` on what it gives. */
  events(listener: EventListener, after: string | null = null): EventFollower {
    return new EventFollower(this.http, listener, after).start();
  }

  me = () => this.http.json("get", "/access/me", {});

  jobs = ({ status = [], q, owner, cursor, limit }: JobFilter = {}, signal?: AbortSignal) =>
    this.http.json("get", "/videos/jobs", { query: { status: status.join(","), q, owner, cursor, limit }, signal });
  counts = (filter: { q?: string; owner?: string } = {}, signal?: AbortSignal) => this.http.json("get", "/videos/jobs/counts", { query: filter, signal });
  job = (id: string, signal?: AbortSignal) => this.http.json("get", "/videos/jobs/{job_id}", { path: { job_id: id }, signal });
  status = (id: string, signal?: AbortSignal) => this.http.json("get", "/videos/jobs/{job_id}/status", { path: { job_id: id }, signal });
  timeline = (id: string, signal?: AbortSignal) => this.http.json("get", "/videos/jobs/{job_id}/timeline", { path: { job_id: id }, signal });
  jobEvents = (id: string, after: string, signal?: AbortSignal) =>
    this.http.json("get", "/videos/jobs/{job_id}/events", { path: { job_id: id }, query: { after, limit: 1000 }, headers: { Accept: "application/json" }, signal });
  retry = (id: string) => this.http.ask("post", "/videos/jobs/{job_id}/retry", { path: { job_id: id } });
  retryStep = (id: string, step: string) => this.http.ask("post", "/videos/jobs/{job_id}/steps/{step}/retry", { path: { job_id: id, step: step.split("/") } });
  cancel = (id: string) => this.http.ask("post", "/videos/jobs/{job_id}/cancel", { path: { job_id: id } });
  remove = (id: string) => this.http.ask("delete", "/videos/jobs/{job_id}", { path: { job_id: id } });

  overview = (signal?: AbortSignal) => this.http.json("get", "/operations/overview", { signal });
  history = (minutes: number, signal?: AbortSignal) => this.http.json("get", "/operations/history", { query: { minutes }, signal });
  deadLetters = (cursor: string | null, signal?: AbortSignal) => this.http.json("get", "/operations/dead-letters", { query: { cursor, limit: 50 }, signal });
  retryDeadLetters = (which: Body<"post", "/operations/dead-letters/retry">) => this.http.json("post", "/operations/dead-letters/retry", { body: which });

  webhooks = (signal?: AbortSignal) => this.http.json("get", "/webhooks", { signal });
  addWebhook = (body: Body<"post", "/webhooks">) => this.http.json("post", "/webhooks", { body });
  changeWebhook = (id: string, body: Body<"patch", "/webhooks/{endpoint_id}">) => this.http.json("patch", "/webhooks/{endpoint_id}", { path: { endpoint_id: id }, body });
  removeWebhook = (id: string) => this.http.ask("delete", "/webhooks/{endpoint_id}", { path: { endpoint_id: id } });
  rotateSecret = (id: string, overlap: string) => this.http.json("post", "/webhooks/{endpoint_id}/rotate-secret", { path: { endpoint_id: id }, body: { overlap } });
  testWebhook = (id: string) => this.http.json("post", "/webhooks/{endpoint_id}/test", { path: { endpoint_id: id } });
  deliveries = (id: string, { status, cursor }: { status?: T.Delivery["status"] | null; cursor?: string | null }, signal?: AbortSignal) =>
    this.http.json("get", "/webhooks/{endpoint_id}/deliveries", { path: { endpoint_id: id }, query: { status, cursor, limit: 50 }, signal });
  delivery = (id: string, delivery: string, signal?: AbortSignal) =>
    this.http.json("get", "/webhooks/{endpoint_id}/deliveries/{delivery_id}", { path: { endpoint_id: id, delivery_id: delivery }, signal });
  replayDelivery = (id: string, delivery: string) =>
    this.http.json("post", "/webhooks/{endpoint_id}/deliveries/{delivery_id}/replay", { path: { endpoint_id: id, delivery_id: delivery } });
  replay = (id: string, range: Body<"post", "/webhooks/{endpoint_id}/replay">) => this.http.json("post", "/webhooks/{endpoint_id}/replay", { path: { endpoint_id: id }, body: range });

  keys = (signal?: AbortSignal) => this.http.json("get", "/access/keys", { signal });
  addKey = (body: Body<"post", "/access/keys">) => this.http.json("post", "/access/keys", { body });
  removeKey = (id: string) => this.http.ask("delete", "/access/keys/{key_id}", { path: { key_id: id } });
  owners = (signal?: AbortSignal) => this.http.json("get", "/access/owners", { signal });
  /** Gives a key for the token of a one-click link; it works once. */
  exchange = (token: string) => this.http.json("post", "/access/console-session", { body: { token } });

  /** In bytes, as the service offers it to everybody. */
  async largestFile(): Promise<number> {
    return Number((await this.http.ask("options", "/videos/tus", {})).headers.get("Tus-Max-Size"));
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
