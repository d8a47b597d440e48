import { Upload } from "tus-js-client";
import type { Claimcheck } from "./claimcheck";
import { RememberedUploads, type Interrupted } from "./remembered";
import { Transfer, type Sending, type Surroundings } from "./transfer";
import { refusedBeforehand } from "./words";

export interface Uploading {
  readonly sending: readonly Sending[];
  readonly interrupted: readonly Interrupted[];
}

const AT_ONCE = 3;

/** What became of a file: its job, and the file itself. */
export interface Finished {
  /** Of the upload, as it was shown; it is on its way until all have been told. */
  readonly id: number;
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
  readonly #around: Surroundings;

  /** @param whose gives the key in use, to which what is remembered belongs */
  constructor(client: Claimcheck, whose: () => string) {
    this.#client = client;
    this.#whose = whose;
    this.#around = {
      http: client.http,
      memory: this.#memory,
      authorize: this.#authorize,
      changed: () => this.#emit(),
      ready: (one) => this.resume(one.shown.id),
      arrived: (one, job) => this.#arrived(one, job),
      failed: (one) => {
        this.#left.forEach((listener) => listener(one.fingerprint));
        this.#next();
      },
    };
    window.addEventListener("pagehide", () => this.#transfers.forEach((one) => one.letGo()));
    window.addEventListener("online", () => this.#transfers.forEach((one) => one.shown.phase === "away" && this.resume(one.shown.id)));
    window.addEventListener("storage", this.look);
    window.setInterval(() => this.#transfers.forEach((one) => one.tick()), 1_000);
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
    this.#find(id).pause();
    this.#next();
  }

  /** Goes on after a pause, or at once instead of later. */
  resume(id: number): void {
    this.#find(id).wait();
    this.#next();
  }

  /** Calls the upload off: nothing of it stays. */
  cancel(id: number): void {
    const one = this.#find(id);
    this.#leave(one);
    this.#memory.forget(one.fingerprint);
    this.#left.forEach((listener) => listener(one.fingerprint));
    // Where the server cannot be reached, it drops the upload by itself when it expires.
    one.terminate().catch(() => this.look());
    this.#next();
  }

  /** Stops everything, to go on another time: whoever signs in next may be somebody else. */
  stop(): void {
    for (const one of this.#transfers) {
      void one.abort();
      one.letGo();
      this.#leave(one);
    }
  }

  async #add(file: File): Promise<void> {
    const fingerprint = this.fingerprintOf(file);
    const twice = this.#transfers.some((one) => one.fingerprint === fingerprint && one.shown.phase !== "failed");
    const one = new Transfer(++this.#counter, file, twice ? `${fingerprint} again` : fingerprint, this.#around);
    this.#transfers = [...this.#transfers, one];
    const wrong = twice ? "This file is being uploaded already; it is not sent twice." : refusedBeforehand(file, Infinity);
    if (wrong !== null) {
      one.fail(wrong);
      return;
    }
    this.#emit();
    this.#next();
    this.#largest ??= this.#client.largestFile();
    try {
      const tooLarge = refusedBeforehand(file, await this.#largest);
      if (tooLarge !== null) one.fail(tooLarge);
    } catch {
      this.#largest = null; // The upload itself meets the same trouble and says so.
    }
  }

  #next(): void {
    const active = this.#transfers.filter(({ shown }) => ["sending", "away", "finishing"].includes(shown.phase)).length;
    this.#transfers
      .filter(({ shown }) => shown.phase === "waiting")
      .slice(0, Math.max(0, AT_ONCE - active))
      .forEach((one) => void one.send());
  }

  #arrived(one: Transfer, job: string | null): void {
    if (job !== null) {
      const finished = { id: one.shown.id, job_id: job, name: one.file.name, fingerprint: one.fingerprint };
      this.#finished.forEach((listener) => listener(finished));
    }
    this.#leave(one);
    this.#left.forEach((listener) => listener(one.fingerprint));
    this.#next();
  }

  #find(id: number): Transfer {
    const found = this.#transfers.find(({ shown }) => shown.id === id);
    if (found === undefined) throw new Error(`there is no upload ${id}`);
    return found;
  }

  #leave(one: Transfer): void {
    one.leave();
    this.#transfers = this.#transfers.filter((other) => other !== one);
    this.#emit();
  }

  #emit(): void {
    const sending = this.#transfers.map(({ shown }) => shown);
    const fewer = sending.length !== this.#shown.sending.length;
    this.#shown = { ...this.#shown, sending };
    if (fewer) this.look();
    else this.#listeners.forEach((listener) => listener());
  }
}
