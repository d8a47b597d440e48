import { Refused, type Http } from "./http";
import { afterError } from "./schedule";
import { SseParser } from "./sse";
import type { Event, Job } from "./types";

/** What comes: events of the log, each at least once and in order; and how far jobs are, which is not logged. */
export interface EventListener {
  onEvents?(events: Event[]): void;
  onProgress?(jobs: Job[]): void;
  /** "live" by a stream, "polling" where streams do not get through, "away" while the service cannot be reached. */
  onState?(state: ConnectionState): void;
  /** Events were missed for good (the log keeps them for a while only): read again what you show. */
  onGap?(): void;
  /** The key is not in force, or the like: it ended for good. */
  onRefused?(refused: Refused): void;
}

export type ConnectionState = "connecting" | "live" | "polling" | "away";

/** So long without a byte, with a heartbeat every 15 s, means that the line is dead though nobody said so. */
const SILENCE_MS = 40_000;
/** The first byte comes at once; where an answer is held back on the way, it does not come at all. */
const BEGIN_MS = 15_000;
/** After so many streams in a row that gave nothing, as behind proxies that hold answers back, pages are asked for, */
const STREAMS_TRIED = 3;
/** and after this time a stream again: the next network may let it through. */
const STREAM_AGAIN_MS = 60_000;
const POLL_WAIT = "20s";

/**
 * Follows the owner's event log by one stream (by fetch, as a stream needs the Authorization header), goes on behind the last event after every cut, and by long polls where streams do not get
 * through. It ends with `stop()`.
 */
export class EventFollower {
  readonly #http: Http;
  readonly #listener: EventListener;
  readonly #stopped = new AbortController();
  #last: string | null;
  #errors = 0;
  #fruitless = 0;
  #streamAgain = 0;
  #state: ConnectionState | null = null;
  #wake: (() => void) | null = null;
  #cut: (() => void) | null = null;
  #paused: { until: Promise<void>; over: () => void } | null = null;

  /** @param after the last event known; null for what comes from now on */
  constructor(http: Http, listener: EventListener, after: string | null = null) {
    this.#http = http;
    this.#listener = listener;
    this.#last = after;
  }

  start(): this {
    void this.#run();
    return this;
  }

  stop(): void {
    this.#stopped.abort();
    this.#paused?.over();
    this.#wake?.();
  }

  /** Lets the connection go, as while nobody looks: browsers open only a few to one service, for all pages together. */
  pause(): void {
    if (this.#paused !== null) return;
    let over = () => {};
    const until = new Promise<void>((resolve) => (over = resolve));
    this.#paused = { until, over };
    this.#cut?.();
    this.#wake?.();
  }

  /** Goes on where it was: what happened meanwhile comes first. */
  resume(): void {
    this.#paused?.over();
    this.#paused = null;
  }

  /** Tries again at once, as when the browser is online again. */
  retryNow(): void {
    this.#wake?.();
  }

  async #run(): Promise<void> {
    this.#say("connecting");
    while (!this.#stopped.signal.aborted) {
      if (this.#paused !== null) {
        await this.#paused.until;
        continue;
      }
      try {
        await (this.#fruitless < STREAMS_TRIED || Date.now() >= this.#streamAgain ? this.#stream() : this.#page());
        this.#errors = 0;
      } catch (failure) {
        if (this.#stopped.signal.aborted) return;
        if (this.#paused !== null) continue;
        if (failure instanceof Refused && failure.status === 410) {
          this.#last = null;
          this.#listener.onGap?.();
          continue;
        }
        if (failure instanceof Refused && !failure.passing) {
          this.#listener.onRefused?.(failure);
          return;
        }
        this.#say("away");
        await this.#wait(afterError(this.#errors++, Math.random()));
      }
    }
  }

  /** Reads one stream to its end. */
  async #stream(): Promise<void> {
    const cut = new AbortController();
    const stop = () => cut.abort();
    this.#cut = stop;
    this.#stopped.signal.addEventListener("abort", stop);
    let silence = setTimeout(stop, BEGIN_MS);
    let came = false;
    try {
      const response = await this.#http.ask("get", "/events", {
        headers: { Accept: "text/event-stream", "Last-Event-ID": this.#last ?? "latest" },
        signal: cut.signal,
      });
      const parser = new SseParser();
      const decoder = new TextDecoder();
      const reader = response.body?.getReader();
      if (reader === undefined) throw new Refused(0, "no_stream", "The answer cannot be read as it comes.");
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(silence);
        silence = setTimeout(stop, SILENCE_MS);
        if (!came) {
          came = true;
          this.#fruitless = 0;
          this.#errors = 0;
          this.#say("live");
        }
        this.#take(parser.feed(decoder.decode(value, { stream: true })));
      }
      await this.#wait(parser.retry === null ? 1_000 : Math.min(parser.retry, 5_000)); // The service stops, and comes back.
    } finally {
      if (!came && this.#paused === null) {
        this.#fruitless++;
        this.#streamAgain = Date.now() + STREAM_AGAIN_MS;
      }
      clearTimeout(silence);
      this.#stopped.signal.removeEventListener("abort", stop);
    }
  }

  #take(messages: ReturnType<SseParser["feed"]>): void {
    const events: Event[] = [];
    const jobs: Job[] = [];
    for (const message of messages) {
      if (message.event === "progress") jobs.push(JSON.parse(message.data) as Job);
      else {
        events.push(JSON.parse(message.data) as Event);
        if (message.id !== "") this.#last = message.id;
      }
    }
    if (events.length > 0) this.#listener.onEvents?.(events);
    if (jobs.length > 0) this.#listener.onProgress?.(jobs);
  }

  async #page(): Promise<void> {
    const cut = new AbortController();
    this.#cut = () => cut.abort();
    const page = await this.#http.json("get", "/events", {
      query: { after: this.#last ?? "latest", limit: 1000, wait: POLL_WAIT },
      signal: AbortSignal.any([cut.signal, this.#stopped.signal]),
    });
    this.#say("polling");
    this.#last = page.next;
    if (page.events.length > 0) this.#listener.onEvents?.(page.events);
  }

  #say(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listener.onState?.(state);
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }
}
