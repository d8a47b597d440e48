import type { Event, Job } from "../client";

/** What happened since the last time, put together: a thousand events of one job are one entry. */
export interface Batch {
  /** The newest word of how far each job is. */
  progress: Map<string, Job>;
  /** Jobs that something was logged of, and what. */
  changed: Map<string, Set<string>>;
  /** The last events themselves, the newest last. */
  tail: Event[];
}

const TAIL = 200;

/** Gathers what comes and hands it on at most every so many milliseconds, so that a burst of events costs the page as much as a few. */
export class Coalescer {
  #batch: Batch | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly flush: (batch: Batch) => void,
    private readonly everyMs: number,
  ) {}

  events(events: Event[]): void {
    const { changed, tail } = this.#open();
    for (const { job_id, type } of events) {
      if (job_id === null) continue;
      const known = changed.get(job_id);
      if (known === undefined) changed.set(job_id, new Set([type]));
      else known.add(type);
    }
    tail.push(...events.slice(-TAIL));
    if (tail.length > 2 * TAIL) tail.splice(0, tail.length - TAIL);
  }

  progress(jobs: Job[]): void {
    const { progress } = this.#open();
    for (const job of jobs) progress.set(job.job_id, job);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#batch = null;
  }

  #open(): Batch {
    this.#timer ??= setTimeout(() => {
      const batch = this.#batch;
      this.#timer = null;
      this.#batch = null;
      if (batch !== null) this.flush(batch);
    }, this.everyMs);
    this.#batch ??= { progress: new Map(), changed: new Map(), tail: [] };
    return this.#batch;
  }
}
