import { DetailedError, Upload, type HttpResponse } from "tus-js-client";
import type { Http } from "./http";
import { Meter } from "./meter";
import type { RememberedUploads } from "./remembered";
import { afterError } from "./schedule";
import { CHUNK, ENDPOINT, failed, jobOf } from "./upload";

/** Waiting for its turn, sending, paused by the user, broken off and tried again, all sent and about to be a job, or refused for good. */
export type Phase = "waiting" | "sending" | "paused" | "away" | "finishing" | "failed";

/** One file on its way, as the tray shows it. Replaced whole whenever something changes. */
export interface Sending {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly phase: Phase;
  readonly sent: number;
  /** Bytes per second, once there is something to say. */
  readonly rate: number | null;
  /** What is wrong, and what happens now. */
  readonly trouble: string | null;
}

/** What a transfer works with, and whom it tells. */
export interface Surroundings {
  readonly http: Http;
  readonly memory: RememberedUploads;
  readonly authorize: (request: { setHeader(name: string, value: string): void }) => void;
  /** What it shows is another. */
  changed(): void;
  /** After trouble it is ready to go on. */
  ready(one: Transfer): void;
  /** It became that job; null where only the way to the job is lost. */
  arrived(one: Transfer, job: string | null): void;
  /** It is refused, and cannot go on. */
  failed(one: Transfer): void;
}

const NOTE_EVERY_MS = 1_000;

/** One file that is sent by tus. When it may send is for others to say; it goes on where an earlier page stopped. */
export class Transfer {
  #shown: Sending;
  /** Of this attempt; null until its first byte, since what had come before it was not sent by it. */
  #meter: Meter | null = null;
  #upload: Upload | null = null;
  #failures = 0;
  #timer = 0;
  #noted = 0;
  #left = false;
  readonly #around: Surroundings;

  /** @param fingerprint by which it is remembered */
  constructor(
    id: number,
    readonly file: File,
    readonly fingerprint: string,
    around: Surroundings,
  ) {
    this.#shown = { id, name: file.name, size: file.size, phase: "waiting", sent: 0, rate: null, trouble: null };
    this.#around = around;
  }

  get shown(): Sending {
    return this.#shown;
  }

  /** Its turn has come. */
  async send(): Promise<void> {
    this.#change({ phase: "sending", rate: null });
    if (this.#upload === null) {
      this.#upload = this.#prepare();
      const [before] = await this.#upload.findPreviousUploads();
      if (before !== undefined) this.#upload.resumeFromPreviousUpload(before);
    }
    if (this.#left || this.#shown.phase !== "sending") return; // Paused or called off meanwhile.
    const begun = this.#upload.url ?? this.#upload.options.uploadUrl ?? null;
    // Without an endpoint an upload that cannot be asked about for a moment is not begun a second time.
    this.#upload.options.endpoint = begun === null ? this.#around.http.baseUrl + ENDPOINT : null;
    this.#meter = null;
    this.#upload.start();
  }

  pause(): void {
    void this.#upload?.abort();
    window.clearTimeout(this.#timer);
    this.#change({ phase: "paused", rate: null, trouble: null });
  }

  /** Goes on, once it is its turn. */
  wait(): void {
    window.clearTimeout(this.#timer);
    this.#change({ phase: "waiting", trouble: null });
  }

  fail(trouble: string): void {
    if (this.#left) return;
    void this.#upload?.abort();
    this.#change({ phase: "failed", rate: null, trouble });
    this.#around.failed(this);
  }

  /** Nobody looks after it any more: what it meets from now on changes nothing. What has come stays with the server. */
  leave(): void {
    this.#left = true;
    window.clearTimeout(this.#timer);
  }

  /** Leaves it to another time, or another tab. */
  letGo(): void {
    this.#around.memory.note(this.fingerprint, this.#shown.sent);
    this.#around.memory.letGo(this.fingerprint);
  }

  /** Stops sending. */
  async abort(): Promise<void> {
    await this.#upload?.abort();
  }

  /** Stops sending, and has the server drop what has come; fails where the server cannot be reached. */
  async terminate(): Promise<void> {
    await this.#upload?.abort(this.#upload.url !== null);
  }

  /** A line that stands still says so. */
  tick(): void {
    const rate = this.#meter?.rate(Date.now()) ?? null;
    if (this.#shown.phase === "sending" && rate !== this.#shown.rate) this.#change({ rate });
  }

  #prepare(): Upload {
    const { file, fingerprint } = this;
    const { http, memory, authorize } = this.#around;
    let last: HttpResponse | null = null;
    const upload: Upload = new Upload(file, {
      endpoint: http.baseUrl + ENDPOINT,
      chunkSize: CHUNK,
      retryDelays: null,
      urlStorage: memory,
      fingerprint: async () => fingerprint,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream" },
      onBeforeRequest: authorize,
      onAfterResponse: (_, response) => {
        last = response;
        memory.expires(fingerprint, Date.parse(response.getHeader("Upload-Expires") ?? ""));
      },
      onProgress: (sent) => this.#progress(sent),
      onSuccess: () => void this.#arrived(upload.url ?? "", last),
      onError: (error) => void this.#troubled(error),
    });
    return upload;
  }

  /** Every byte is there: the ticket goes on as that of a job. */
  async #arrived(url: string, last: HttpResponse | null): Promise<void> {
    let job: string | null = null;
    try {
      job = await jobOf(this.#around.http, url, last);
    } catch {
      // It is in the list of jobs anyway; only the way from this ticket to that one is lost.
    }
    this.#around.arrived(this, job);
  }

  #progress(sent: number): void {
    if (this.#shown.phase !== "sending" && this.#shown.phase !== "finishing") return;
    const now = Date.now();
    this.#meter ??= new Meter(sent, now);
    this.#meter.record(sent, now);
    if (sent > this.#shown.sent) this.#failures = 0;
    if (now - this.#noted > NOTE_EVERY_MS) {
      this.#noted = now;
      this.#around.memory.note(this.fingerprint, sent);
    }
    this.#change({ sent, rate: this.#meter.rate(now), phase: sent >= this.file.size ? "finishing" : "sending" });
  }

  /** Trouble on the way passes: it is tried again until it works or the user has enough. What the server refuses is said in its words. */
  async #troubled(error: Error | DetailedError): Promise<void> {
    if (!this.#isWanted()) return;
    const { status, passing, refused } = failed(error);
    const begun = this.#upload?.url ?? null;
    if (begun !== null && (status === 404 || status === 410)) {
      this.#around.memory.forget(this.fingerprint);
      this.#upload = null;
      await this.send(); // What had come is gone by now; the file is still here.
      return;
    }
    if (!(error instanceof DetailedError) || !(await isReadable(this.file))) {
      this.fail("The file cannot be read any more; it was moved or changed. Choose it again.");
      return;
    }
    if (!passing) {
      this.fail(refused.message);
      return;
    }
    // The look at the file took a moment.
    if (this.#isWanted()) this.#tryAgain(status, refused.message);
  }

  /** Neither paused nor left. */
  #isWanted(): boolean {
    return !this.#left && this.#shown.phase !== "paused";
  }

  #tryAgain(status: number, refusal: string): void {
    const moved = status === 409 && this.#failures === 0; // It asks where it stands and goes on from there.
    const wait = moved ? 0 : afterError(this.#failures, Math.random());
    this.#failures++;
    this.#timer = window.setTimeout(() => this.#around.ready(this), wait);
    const trouble = moved ? null : navigator.onLine ? "The connection broke off." : "There is no network.";
    this.#around.memory.note(this.fingerprint, this.#shown.sent);
    this.#change({ phase: "away", rate: null, trouble: status >= 500 ? refusal : trouble });
  }

  #change(change: Partial<Sending>): void {
    this.#shown = { ...this.#shown, ...change };
    if (!this.#left) this.#around.changed();
  }
}

/** Browsers refuse to send a file that was changed after it was chosen, and say no more than "network error". */
async function isReadable(file: File): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
