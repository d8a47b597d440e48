/** A small picture of a moment: a part of a sheet. */
export interface Cue {
  from: number;
  to: number;
  url: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const TIMES = /^(?:(\d+):)?(\d\d):(\d\d\.\d{3}) --> (?:(\d+):)?(\d\d):(\d\d\.\d{3})/;
const PLACE = /^(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/;

/** Reads a storyboard (WebVTT whose cues name parts of pictures); addresses are relative to its own. Lines that are none of it are passed over. Pure. */
export function cues(text: string, base: string): Cue[] {
  const found: Cue[] = [];
  let times: { from: number; to: number } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const at = TIMES.exec(line);
    const where = times === null ? null : PLACE.exec(line);
    if (at !== null) times = { from: seconds(at[1], at[2], at[3]), to: seconds(at[4], at[5], at[6]) };
    else if (where !== null && times !== null) {
      const [x, y, width, height] = [where[2], where[3], where[4], where[5]].map(Number) as [number, number, number, number];
      found.push({ ...times, url: new URL(where[1]!, base).href, x, y, width, height });
      times = null;
    }
  }
  return found;
}

function seconds(hours: string | undefined, minutes: string | undefined, rest: string | undefined): number {
  return Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** The picture for a moment; of moments between or behind the pictures the last one before. */
export function cueAt(all: readonly Cue[], second: number): Cue | null {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.from <= second) low = middle + 1;
    else high = middle;
  }
  return all[Math.max(0, low - 1)] ?? null;
}

/** "1:02:03" or "2:03". */
export function clock(second: number): string {
  const whole = Math.max(0, Math.floor(second));
  const two = (n: number) => n.toString().padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
