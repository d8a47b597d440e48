import { EventFollower, type EventListener } from "./events";
import { Http, query, Refused, seconds, type Settings } from "./http";
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
        const response = await this.http.ask("GET", `${jobPath(jobId)}/status`, { signal });
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

  me = () => this.http.json<T.Me>("GET", "/access/me");

  jobs = ({ status = [], q, owner, cursor, limit }: JobFilter = {}, signal?: AbortSignal) =>
    this.http.json<T.JobPage>("GET", `/videos/jobs${query({ status: status.join(","), q, owner, cursor, limit })}`, { signal });
  counts = (filter: { q?: string; owner?: string } = {}, signal?: AbortSignal) =>
    this.http.json<T.JobCounts>("GET", `/videos/jobs/counts${query(filter)}`, { signal });
  job = (id: string, signal?: AbortSignal) => this.http.json<T.WholeJob>("GET", jobPath(id), { signal });
  status = (id: string, signal?: AbortSignal) => this.http.json<T.Job>("GET", `${jobPath(id)}/status`, { signal });
  timeline = (id: string, signal?: AbortSignal) => this.http.json<T.Timeline>("GET", `${jobPath(id)}/timeline`, { signal });
  jobEvents = (id: string, after: string, signal?: AbortSignal) =>
    this.http.json<T.EventPage>("GET", `${jobPath(id)}/events${query({ after, limit: 1000 })}`, { headers: { Accept: "application/json" }, signal });
  retry = (id: string) => this.http.ask("POST", `${jobPath(id)}/retry`);
  retryStep = (id: string, step: string) => this.http.ask("POST", `${jobPath(id)}/steps/${step.split("/").map(encodeURIComponent).join("/")}/retry`);
  cancel = (id: string) => this.http.ask("POST", `${jobPath(id)}/cancel`);
  remove = (id: string) => this.http.ask("DELETE", jobPath(id));

  overview = (signal?: AbortSignal) => this.http.json<T.Overview>("GET", "/operations/overview", { signal });
  history = (minutes: number, signal?: AbortSignal) => this.http.json<T.History>("GET", `/operations/history${query({ minutes })}`, { signal });
  deadLetters = (cursor: string | null, signal?: AbortSignal) =>
    this.http.json<{ dead_letters: T.DeadLetter[]; next_cursor: string | null }>("GET", `/operations/dead-letters${query({ cursor, limit: 50 })}`, { signal });
  retryDeadLetters = (which: { queue?: string; code?: string; job_ids?: string[] }) =>
    this.http.json<{ retried: number; more: boolean }>("POST", "/operations/dead-letters/retry", { body: which });

  webhooks = (signal?: AbortSignal) => this.http.json<{ webhooks: T.WebhookEndpoint[] }>("GET", "/webhooks", { signal });
  addWebhook = (body: { url: string; events: string[]; description?: string }) =>
    this.http.json<T.WebhookEndpoint & { secret: string }>("POST", "/webhooks", { body });
  changeWebhook = (id: string, body: Partial<Pick<T.WebhookEndpoint, "url" | "events" | "description" | "status">>) =>
    this.http.json<T.WebhookEndpoint>("PATCH", webhookPath(id), { body });
  removeWebhook = (id: string) => this.http.ask("DELETE", webhookPath(id));
  rotateSecret = (id: string, overlap: string) =>
    this.http.json<{ secret: string; previous_expires_at: T.Time | null }>("POST", `${webhookPath(id)}/rotate-secret`, { body: { overlap } });
  testWebhook = (id: string) => this.http.json<T.Delivery>("POST", `${webhookPath(id)}/test`);
  deliveries = (id: string, { status, cursor }: { status?: string; cursor?: string | null }, signal?: AbortSignal) =>
    this.http.json<{ deliveries: T.Delivery[]; next_cursor: string | null }>("GET", `${webhookPath(id)}/deliveries${query({ status, cursor, limit: 50 })}`, { signal });
  delivery = (id: string, delivery: string, signal?: AbortSignal) =>
    this.http.json<T.WholeDelivery>("GET", `${webhookPath(id)}/deliveries/${encodeURIComponent(delivery)}`, { signal });
  replayDelivery = (id: string, delivery: string) => this.http.json<T.Delivery>("POST", `${webhookPath(id)}/deliveries/${encodeURIComponent(delivery)}/replay`);
  replay = (id: string, range: { from: T.Time; to: T.Time }) => this.http.json<{ deliveries: number }>("POST", `${webhookPath(id)}/replay`, { body: range });

  keys = (signal?: AbortSignal) => this.http.json<{ keys: T.Key[] }>("GET", "/access/keys", { signal });
  addKey = (body: { owner: string; name: string; role?: string; expires_in?: string }) => this.http.json<T.Key & { key: string }>("POST", "/access/keys", { body });
  removeKey = (id: string) => this.http.ask("DELETE", `/access/keys/${encodeURIComponent(id)}`);
  owners = (signal?: AbortSignal) => this.http.json<{ owners: T.Owner[] }>("GET", "/access/owners", { signal });
  /** Gives a key for the token of a one-click link; it works once. */
  exchange = (token: string) => this.http.json<{ key: string }>("POST", "/access/console-session", { body: { token } });

  /** In bytes, as the service offers it to everybody. */
  async largestFile(): Promise<number> {
    return Number((await this.http.ask("OPTIONS", "/videos/tus")).headers.get("Tus-Max-Size"));
  }
}

function jobPath(id: string): string {
  return `/videos/jobs/${encodeURIComponent(id)}`;
}

function webhookPath(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`;
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
