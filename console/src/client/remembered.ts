import type { PreviousUpload, UrlStorage } from "tus-js-client";

/** An upload that a page left unfinished. */
export interface Interrupted {
  fingerprint: string;
  name: string;
  size: number;
  /** Bytes that had gone out; what really arrived is asked when it goes on. */
  sent: number;
  url: string;
  /** In ms; until then the server keeps what has come. */
  expires: number;
}

interface Entry {
  upload: PreviousUpload;
  sent: number;
  /** When a page last said that it is sending; 0 when it left. */
  seen: number;
  expires: number;
}

const PREFIX = "claimcheck.upload.";
/** Pages that send say so every second; one that has not for so long is gone. */
const SILENCE_MS = 10_000;
const KEPT_MS = 24 * 3_600_000;

/**
 * Unfinished uploads, kept by the browser over reloads and shared by its tabs. An upload under way in another tab is not offered here: merely asking the server about
 * it would end the request that feeds it.
 */
export class RememberedUploads implements UrlStorage {
  constructor(
    private readonly storage: Storage,
    private readonly now: () => number = Date.now,
  ) {}

  async findAllUploads(): Promise<PreviousUpload[]> {
    return this.#entries("").map(([, entry]) => entry.upload);
  }

  async findUploadsByFingerprint(fingerprint: string): Promise<PreviousUpload[]> {
    const entry = this.#read(fingerprint);
    return entry === null ? [] : [{ ...entry.upload, urlStorageKey: fingerprint }];
  }

  async removeUpload(fingerprint: string): Promise<void> {
    this.forget(fingerprint);
  }

  async addUpload(fingerprint: string, upload: PreviousUpload): Promise<string> {
    this.#write(fingerprint, { upload, sent: 0, seen: this.now(), expires: this.now() + KEPT_MS });
    return fingerprint;
  }

  /** Says that this page is sending it. */
  note(fingerprint: string, sent: number): void {
    this.#change(fingerprint, { sent, seen: this.now() });
  }

  /** Until when the server keeps it, as it said. */
  expires(fingerprint: string, at: number): void {
    if (!Number.isNaN(at)) this.#change(fingerprint, { expires: at });
  }

  /** Says that this page sends it no longer; it can go on anywhere. */
  letGo(fingerprint: string): void {
    this.#change(fingerprint, { seen: 0 });
  }

  forget(fingerprint: string): void {
    this.storage.removeItem(PREFIX + fingerprint);
  }

  /** Whether a page that is still there sends it. */
  isSending(fingerprint: string): boolean {
    const entry = this.#read(fingerprint);
    return entry !== null && this.now() - entry.seen <= SILENCE_MS;
  }

  /** What nobody sends and the server still keeps, the newest first. */
  interrupted(prefix: string): Interrupted[] {
    const now = this.now();
    for (const [fingerprint, entry] of this.#entries(prefix)) if (entry.expires <= now) this.forget(fingerprint);
    return this.#entries(prefix)
      .filter(([, entry]) => now - entry.seen > SILENCE_MS && entry.upload.uploadUrl !== null)
      .sort(([, one], [, other]) => other.upload.creationTime.localeCompare(one.upload.creationTime))
      .map(([fingerprint, { upload, sent, expires }]) => ({
        fingerprint,
        name: upload.metadata["filename"] ?? "",
        size: upload.size ?? 0,
        sent,
        url: upload.uploadUrl ?? "",
        expires,
      }));
  }

  #entries(prefix: string): [string, Entry][] {
    return Object.keys(this.storage)
      .filter((key) => key.startsWith(PREFIX + prefix))
      .map((key) => key.slice(PREFIX.length))
      .flatMap((fingerprint): [string, Entry][] => {
        const entry = this.#read(fingerprint);
        return entry === null ? [] : [[fingerprint, entry]];
      });
  }

  #change(fingerprint: string, change: Partial<Entry>): void {
    const entry = this.#read(fingerprint);
    if (entry !== null) this.#write(fingerprint, { ...entry, ...change });
  }

  #read(fingerprint: string): Entry | null {
    const text = this.storage.getItem(PREFIX + fingerprint);
    return text === null ? null : (JSON.parse(text) as Entry);
  }

  #write(fingerprint: string, entry: Entry): void {
    this.storage.setItem(PREFIX + fingerprint, JSON.stringify(entry));
  }
}
