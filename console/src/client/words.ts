/** Sizes, times and durations as people say them. Pure. */

export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => n.toString().padStart(2, "0");
  return whole < 3600
    ? `${Math.floor(whole / 60)}:${two(whole % 60)} min`
    : `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}

/** Time spent, with tenths or milliseconds where they say something. */
export function precise(seconds: number): string {
  if (seconds < 0.1) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : duration(seconds);
}

export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / 86400)} d ago`;
}

/** The claim check's short number: the last eight of the id. */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** "4.3 of 20 MB": the unit once, where it is the same. */
export function sizeOf(part: number, whole: number): string {
  const [number, unit] = size(part).split(" ");
  return unit === size(whole).split(" ")[1] ? `${number} of ${size(whole)}` : `${size(part)} of ${size(whole)}`;
}

/** A share in whole percents, never 100 before the end. */
export function percentText(part: number, whole: number): string {
  return `${whole <= 0 ? 0 : Math.min(99, Math.floor((100 * part) / whole))} %`;
}

/** A time soon to come, in the reader's own zone: "14:05", "tomorrow 14:05", or with its day. */
export function until(at: number, now: number): string {
  const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const day = (ms: number) => new Date(ms).toDateString();
  if (day(at) === day(now)) return time;
  if (day(at) === day(now + 86_400_000)) return `tomorrow ${time}`;
  return `${new Date(at).toLocaleDateString([], { day: "numeric", month: "long" })}, ${time}`;
}

/** What can be said of a file before a byte of it is sent; null where nothing is wrong. */
export function refusedBeforehand(file: { size: number; type: string }, largest: number): string | null {
  if (file.size === 0) return "The file is empty. Check that it was written completely, and choose it again.";
  if (/^image\//.test(file.type)) return "This is a picture, not a video. Choose a video or a sound file.";
  if (/^text\/|^application\/(pdf|zip|json)/.test(file.type)) return "This is not a video. Choose a video or a sound file.";
  if (file.size > largest) return `The file has ${size(file.size)}; the largest accepted here is ${size(largest)}. Make it smaller, or ask the operator to raise the limit.`;
  return null;
}

/** A count as people read it: "1,204". */
export function count(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** A share of a whole as "98.2 %"; of nothing, nothing. */
export function share(part: number, whole: number): string {
  if (whole === 0) return "–";
  const percent = (100 * part) / whole;
  return `${percent > 0 && percent < 100 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** The absolute time behind a relative one, in the reader's own zone. */
export function absolute(iso: string): string {
  return new Date(iso).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

/** A way to what is elsewhere, only where it is a web address; null for anything else, such as a script. */
export function webAddress(text: string): string | null {
  try {
    const { protocol, href } = new URL(text, globalThis.location?.href ?? "http://localhost");
    return protocol === "http:" || protocol === "https:" ? href : null;
  } catch {
    return null;
  }
}

/** A worker's name as people can tell it from others: of a made-up one, the end. */
export function workerName(worker: string): string {
  return /^worker-[0-9a-f]{8}-[0-9a-f-]{27}$/.test(worker) ? `worker …${worker.slice(-6)}` : worker;
}

/** Who worked, and where, where that is known. */
export function whoWorked(worker: string, host: string | null): string {
  return host === null || host === "" || host === worker ? workerName(worker) : `${workerName(worker)} on ${host}`;
}
