import { DetailedError, Upload, type HttpResponse } from "tus-js-client";
import type { Claimcheck } from "./claimcheck";
import { Meter } from "./meter";
import { RememberedUploads, type Interrupted } from "./remembered";
import { afterError } from "./schedule";
import { CHUNK, ENDPOINT, failed, jobOf } from "./upload";
import { refusedBeforehand } from "./words";

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

export interface Uploading {
  readonly sending: readonly Sending[];
  readonly interrupted: readonly Interrupted[];
}

interface Transfer {
  shown: Sending;
  readonly file: File;
  readonly fingerprint: string;
  /** Of this attempt; null until its first byte, since what had come before it was not sent by it. */
  meter: Meter | null;
  upload: Upload | null;
  failures: number;
  timer: number;
  noted: number;
}

const AT_ONCE = 3;
const NOTE_EVERY_MS = 1_000;

/** What became of a file: its job, and the file itself. */
export interface Finished {
  readonly job_id: string;
  readonly name: string;
  readonly fingerprint: string;
}

/** A page's uploads, by tus: at most three at once, going on after cuts and reloads. They do not end with the view that shows them. */
export class Uploads {
  #transfers: Transfer[] = [];
  #shown: Uploading = { sending: [], interrupted: [] };
  #listeners = new Set<() => void>();
  #finished = new Set<(finished: Finished) => void>();
  #left = new Set<(fingerprint: string) => void>();
  #largest: Promise<number> | null = null;
  #counter = 0;
  readonly #memory = new RememberedUploads(window.localStorage);
  readonly #client: Claimcheck;
  readonly #whose: () => string;

  /** @param whose gives the key in use, to which what is remembered belongs */
  constructor(client: Claimcheck, whose: () => string) {
    this.#client = client;
    this.#whose = whose;
    window.addEventListener("pagehide", () => this.#transfers.forEach((one) => this.#letGo(one)));
    window.addEventListener("online", () => this.#transfers.forEach((one) => one.shown.phase === "away" && this.resume(one.shown.id)));
    window.addEventListener("storage", this.look);
    window.setInterval(() => this.#transfers.forEach((one) => this.#tick(one)), 1_000);
    window.setTimeout(this.look, 11_000); // By then it is clear which tabs are gone without a word.
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Uploading => this.#shown;

  /** Calls {@code listener} whenever an upload has become a job. */
  readonly onFinished = (listener: (finished: Finished) => void): (() => void) => {
    this.#finished.add(listener);
    return () => this.#finished.delete(listener);
  };

  /** Calls {@code listener} with the fingerprint of a file that is not needed any more: it became a job, was refused or called off. */
  readonly onLeft = (listener: (fingerprint: string) => void): (() => void) => {
    this.#left.add(listener);
    return () => this.#left.delete(listener);
  };

  /** What tells this file under this key from others. */
  readonly fingerprintOf = (file: File): string => `${this.mine()}${file.name} ${file.type} ${file.size} ${file.lastModified}`;

  /** What is remembered under one key is not offered under another. FNV-1a: it is to tell keys apart, not to hide one that this page could read anyway. */
  readonly mine = (): string => {
    let hash = 0x811c9dc5;
    for (const letter of this.#whose()) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
    return `${(hash >>> 0).toString(16)} `;
  };

  readonly #authorize = (request: { setHeader(name: string, value: string): void }): void => {
    for (const [name, value] of Object.entries(this.#client.http.authorization())) request.setHeader(name, value);
  };

  /** Looks again which uploads were left unfinished. */
  readonly look = (): void => {
    const busy = new Set(this.#transfers.map(({ fingerprint }) => fingerprint));
    const interrupted = this.#memory.interrupted(this.mine()).filter(({ fingerprint }) => !busy.has(fingerprint));
    this.#shown = { ...this.#shown, interrupted };
    this.#listeners.forEach((listener) => listener());
  };

  /** Uploads these files; one that was begun before goes on where it stands. */
  add(files: Iterable<File>): void {
    for (const file of files) void this.#add(file);
  }

  /** Whether this file is on its way from here, or from another tab that is still there. */
  has(file: File): boolean {
    const fingerprint = this.fingerprintOf(file);
    return this.#transfers.some((one) => one.fingerprint === fingerprint) || this.#memory.isSending(fingerprint);
  }

  /** Goes on with an upload left unfinished; gives what is wrong where that is not its file. */
  goOn(with_: Interrupted, file: File): string | null {
    if (this.fingerprintOf(file) !== with_.fingerprint) {
      return file.name === with_.name
        ? "This file has the same name, but was changed since. Drop it above to upload it from its start."
        : `That is ${file.name}. Choose ${with_.name}, or drop the other file above to upload it too.`;
    }
    this.add([file]);
    return null;
  }

  /** Drops what has come of an upload left unfinished. */
  discard(one: Interrupted): void {
    this.#memory.forget(one.fingerprint);
    this.#left.forEach((listener) => listener(one.fingerprint));
    this.look();
    // Where the server cannot be reached, it drops the upload by itself when it expires.
    Upload.terminate(one.url, { onBeforeRequest: this.#authorize }).catch(() => this.look());
  }

  pause(id: number): void {
    const one = this.#find(id);
    void one.upload?.abort();
    window.clearTimeout(one.timer);
    this.#change(one, { phase: "paused", rate: null, trouble: null });
    this.#next();
  }

  /** Goes on after a pause, or at once instead of later. */
  resume(id: number): void {
    const one = this.#find(id);
    window.clearTimeout(one.timer);
    this.#change(one, { phase: "waiting", trouble: null });
    this.#next();
  }

  /** Calls the upload off: nothing of it stays. */
  cancel(id: number): void {
    const one = this.#find(id);
    this.#leave(one);
    this.#memory.forget(one.fingerprint);
    this.#left.forEach((listener) => listener(one.fingerprint));
    // Where the server cannot be reached, it drops the upload by itself when it expires.
    one.upload?.abort(one.upload.url !== null).catch(() => this.look());
    this.#next();
  }

  /** Stops everything, to go on another time: whoever signs in next may be somebody else. */
  stop(): void {
    for (const one of this.#transfers) {
      void one.upload?.abort();
      this.#letGo(one);
      this.#leave(one);
    }
  }

  async #add(file: File): Promise<void> {
    const fingerprint = this.fingerprintOf(file);
    const twice = this.#transfers.some((one) => one.fingerprint === fingerprint && one.shown.phase !== "failed");
    const one: Transfer = {
      shown: { id: ++this.#counter, name: file.name, size: file.size, phase: "waiting", sent: 0, rate: null, trouble: null },
      file,
      fingerprint: twice ? `${fingerprint} again` : fingerprint,
      meter: null,
      upload: null,
      failures: 0,
      timer: 0,
      noted: 0,
    };
    this.#transfers = [...this.#transfers, one];
    const wrong = twice ? "This file is being uploaded already; it is not sent twice." : refusedBeforehand(file, Infinity);
    if (wrong !== null) {
      this.#change(one, { phase: "failed", trouble: wrong });
      if (!twice) this.#left.forEach((listener) => listener(one.fingerprint));
      return;
    }
    this.#emit();
    this.#next();
    this.#largest ??= this.#client.largestFile();
    try {
      const tooLarge = refusedBeforehand(file, await this.#largest);
      if (tooLarge !== null && this.#transfers.includes(one)) this.#fail(one, tooLarge);
    } catch {
      this.#largest = null; // The upload itself meets the same trouble and says so.
    }
  }

  #next(): void {
    const active = this.#transfers.filter(({ shown }) => ["sending", "away", "finishing"].includes(shown.phase)).length;
    this.#transfers
      .filter(({ shown }) => shown.phase === "waiting")
      .slice(0, Math.max(0, AT_ONCE - active))
      .forEach((one) => void this.#send(one));
  }

  async #send(one: Transfer): Promise<void> {
    this.#change(one, { phase: "sending", rate: null });
    if (one.upload === null) {
      one.upload = this.#prepare(one);
      const [before] = await one.upload.findPreviousUploads();
      if (before !== undefined) one.upload.resumeFromPreviousUpload(before);
    }
    if (one.shown.phase !== "sending") return; // Paused or cancelled meanwhile.
    const { upload } = one;
    const begun = upload.url ?? upload.options.uploadUrl ?? null;
    // Without an endpoint an upload that cannot be asked about for a moment is not begun a second time.
    upload.options.endpoint = begun === null ? this.#client.http.baseUrl + ENDPOINT : null;
    one.meter = null;
    upload.start();
  }

  #prepare(one: Transfer): Upload {
    const { file, fingerprint } = one;
    let last: HttpResponse | null = null;
    const upload: Upload = new Upload(file, {
      endpoint: this.#client.http.baseUrl + ENDPOINT,
      chunkSize: CHUNK,
      retryDelays: null,
      urlStorage: this.#memory,
      fingerprint: async () => fingerprint,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream" },
      onBeforeRequest: this.#authorize,
      onAfterResponse: (_, response) => {
        last = response;
        this.#memory.expires(fingerprint, Date.parse(response.getHeader("Upload-Expires") ?? ""));
      },
      onProgress: (sent) => this.#progress(one, sent),
      onSuccess: () => void this.#arrived(one, upload.url ?? "", last),
      onError: (error) => void this.#troubled(one, error),
    });
    return upload;
  }

  /** Every byte is there: the ticket goes on as that of a job. */
  async #arrived(one: Transfer, url: string, last: HttpResponse | null): Promise<void> {
    let job: string | null = null;
    try {
      job = await jobOf(this.#client.http, url, last);
    } catch {
      // It is in the list of jobs anyway; only the way from this ticket to that one is lost.
    }
    this.#leave(one);
    this.#left.forEach((listener) => listener(one.fingerprint));
    if (job !== null) {
      const finished = { job_id: job, name: one.file.name, fingerprint: one.fingerprint };
      this.#finished.forEach((listener) => listener(finished));
    }
    this.#next();
  }

  #progress(one: Transfer, sent: number): void {
    if (one.shown.phase !== "sending" && one.shown.phase !== "finishing") return;
    const now = Date.now();
    one.meter ??= new Meter(sent, now);
    one.meter.record(sent, now);
    if (sent > one.shown.sent) one.failures = 0;
    if (now - one.noted > NOTE_EVERY_MS) {
      one.noted = now;
      this.#memory.note(one.fingerprint, sent);
    }
    this.#change(one, { sent, rate: one.meter.rate(now), phase: sent >= one.file.size ? "finishing" : "sending" });
  }

  /** A line that stands still says so. */
  #tick(one: Transfer): void {
    const rate = one.meter?.rate(Date.now()) ?? null;
    if (one.shown.phase === "sending" && rate !== one.shown.rate) this.#change(one, { rate });
  }

  /** Trouble on the way passes: it is tried again until it works or the user has enough. What the server refuses is said in its words. */
  async #troubled(one: Transfer, error: Error | DetailedError): Promise<void> {
    const { status, passing, refused } = failed(error);
    const begun = one.upload?.url ?? null;
    if (begun !== null && (status === 404 || status === 410)) {
      this.#memory.forget(one.fingerprint);
      one.upload = null;
      await this.#send(one); // What had come is gone by now; the file is still here.
      return;
    }
    if (!(error instanceof DetailedError) || !(await isReadable(one.file))) {
      this.#fail(one, "The file cannot be read any more; it was moved or changed. Choose it again.");
      return;
    }
    if (!passing) {
      this.#fail(one, refused.message);
      return;
    }
    if (!this.#transfers.includes(one) || one.shown.phase === "paused") return;
    const moved = status === 409 && one.failures === 0; // It asks where it stands and goes on from there.
    const wait = moved ? 0 : afterError(one.failures, Math.random());
    one.failures++;
    one.timer = window.setTimeout(() => this.resume(one.shown.id), wait);
    const trouble = moved ? null : navigator.onLine ? "The connection broke off." : "There is no network.";
    this.#memory.note(one.fingerprint, one.shown.sent);
    this.#change(one, { phase: "away", rate: null, trouble: status >= 500 ? refused.message : trouble });
  }

  #fail(one: Transfer, trouble: string): void {
    void one.upload?.abort();
    this.#change(one, { phase: "failed", rate: null, trouble });
    this.#left.forEach((listener) => listener(one.fingerprint));
    this.#next();
  }

  #letGo(one: Transfer): void {
    this.#memory.note(one.fingerprint, one.shown.sent);
    this.#memory.letGo(one.fingerprint);
  }

  #find(id: number): Transfer {
    const found = this.#transfers.find(({ shown }) => shown.id === id);
    if (found === undefined) throw new Error(`there is no upload ${id}`);
    return found;
  }

  #leave(one: Transfer): void {
    window.clearTimeout(one.timer);
    this.#transfers = this.#transfers.filter((other) => other !== one);
    this.#emit();
  }

  #change(one: Transfer, change: Partial<Sending>): void {
    one.shown = { ...one.shown, ...change };
    if (this.#transfers.includes(one)) this.#emit();
  }

  #emit(): void {
    const sending = this.#transfers.map(({ shown }) => shown);
    const fewer = sending.length !== this.#shown.sending.length;
    this.#shown = { ...this.#shown, sending };
    if (fewer) this.look();
    else this.#listeners.forEach((listener) => listener());
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
