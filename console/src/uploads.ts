import { DetailedError, Upload } from "tus-js-client";
import { api, refusal, session } from "./api";
import { Meter } from "./meter";
import { RememberedUploads, type Interrupted } from "./remembered";
import { afterError } from "./schedule";
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

const ENDPOINT = "/videos/tus";
const AT_ONCE = 3;
/** What a proxy in between that passes on whole requests only may hold back, and a browser may send again by itself, at most. */
const CHUNK = 64 << 20;
const NOTE_EVERY_MS = 1_000;
const PASSING = new Set([0, 408, 409, 423, 429]);

/** The page's uploads, by tus: at most three at once, going on after cuts and reloads. They do not end with the view that shows them. */
class Uploads {
  #transfers: Transfer[] = [];
  #shown: Uploading = { sending: [], interrupted: [] };
  #listeners = new Set<() => void>();
  #finished = new Set<() => void>();
  #largest: Promise<number> | null = null;
  #counter = 0;
  readonly #memory = new RememberedUploads(window.localStorage);

  constructor() {
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
  readonly onFinished = (listener: () => void): (() => void) => {
    this.#finished.add(listener);
    return () => this.#finished.delete(listener);
  };

  /** Looks again which uploads were left unfinished. */
  readonly look = (): void => {
    const busy = new Set(this.#transfers.map(({ fingerprint }) => fingerprint));
    const interrupted = this.#memory.interrupted(mine()).filter(({ fingerprint }) => !busy.has(fingerprint));
    this.#shown = { ...this.#shown, interrupted };
    this.#listeners.forEach((listener) => listener());
  };

  /** Uploads these files; one that was begun before goes on where it stands. */
  add(files: Iterable<File>): void {
    for (const file of files) void this.#add(file);
  }

  /** Goes on with an upload left unfinished; gives what is wrong where that is not its file. */
  goOn(with_: Interrupted, file: File): string | null {
    if (fingerprintOf(file) !== with_.fingerprint) {
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
    this.look();
    // Where the server cannot be reached, it drops the upload by itself when it expires.
    Upload.terminate(one.url, { onBeforeRequest: authorize }).catch(() => this.look());
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
    const fingerprint = fingerprintOf(file);
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
      return;
    }
    this.#emit();
    this.#next();
    this.#largest ??= api.largestFile();
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
    upload.options.endpoint = begun === null ? ENDPOINT : null;
    one.meter = null;
    upload.start();
  }

  #prepare(one: Transfer): Upload {
    const { file, fingerprint } = one;
    return new Upload(file, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK,
      retryDelays: null,
      urlStorage: this.#memory,
      fingerprint: async () => fingerprint,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream" },
      onBeforeRequest: authorize,
      onAfterResponse: (_, response) => this.#memory.expires(fingerprint, Date.parse(response.getHeader("Upload-Expires") ?? "")),
      onProgress: (sent) => this.#progress(one, sent),
      onSuccess: () => {
        this.#leave(one);
        this.#finished.forEach((listener) => listener());
        this.#next();
      },
      onError: (error) => void this.#troubled(one, error),
    });
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
    const response = error instanceof DetailedError ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
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
    if (!PASSING.has(status) && status < 500) {
      this.#fail(one, refusal(status, response?.getBody() ?? "").message);
      return;
    }
    if (!this.#transfers.includes(one) || one.shown.phase === "paused") return;
    const moved = status === 409 && one.failures === 0; // It asks where it stands and goes on from there.
    const wait = moved ? 0 : afterError(one.failures, Math.random());
    one.failures++;
    one.timer = window.setTimeout(() => this.resume(one.shown.id), wait);
    const trouble = moved ? null : navigator.onLine ? "The connection broke off." : "There is no network.";
    this.#memory.note(one.fingerprint, one.shown.sent);
    this.#change(one, { phase: "away", rate: null, trouble: status >= 500 ? refusal(status, response?.getBody() ?? "").message : trouble });
  }

  #fail(one: Transfer, trouble: string): void {
    void one.upload?.abort();
    this.#change(one, { phase: "failed", rate: null, trouble });
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

export const uploads = new Uploads();

function authorize(request: { setHeader(name: string, value: string): void }): void {
  request.setHeader("Authorization", `Bearer ${session.key() ?? ""}`);
}

/** What is remembered under one key is not offered under another. FNV-1a: it is to tell keys apart, not to hide one that this page could read anyway. */
function mine(): string {
  let hash = 0x811c9dc5;
  for (const letter of session.key() ?? "") hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return `${(hash >>> 0).toString(16)} `;
}

function fingerprintOf(file: File): string {
  return `${mine()}${file.name} ${file.type} ${file.size} ${file.lastModified}`;
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
