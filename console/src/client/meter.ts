/** How fast bytes go, over the last seconds: a pause or a slow start long ago says nothing of the time that is left. Pure but for what it is fed. */
export class Meter {
  static readonly WINDOW_MS = 8_000;
  #samples: { at: number; bytes: number }[];

  /** @param bytes that were there before the first that is measured */
  constructor(bytes: number, now: number) {
    this.#samples = [{ at: now, bytes }];
  }

  record(bytes: number, now: number): void {
    this.#samples.push({ at: now, bytes });
  }

  /** Bytes per second until now; null until there is something to say, and when nothing has moved for a while. */
  rate(now: number): number | null {
    while (this.#samples.length > 1 && now - this.#samples[0]!.at > Meter.WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || now - first.at < 400 || last.bytes <= first.bytes) return null;
    return (1000 * (last.bytes - first.bytes)) / (now - first.at);
  }
}
