import type { Attempt, AttemptOutcome, StepStatus, Timeline, TimelineStep } from "../../client";

/** One bar: an attempt, from its start to its end or to now. */
export interface Block {
  attempt: Attempt;
  from: number;
  to: number;
  outcome: AttemptOutcome | "running";
}

/** One line of the timeline. `waits` says from when to when it was ready and nobody had taken it. */
export interface Lane {
  step: TimelineStep;
  blocks: Block[];
  waits: { from: number; to: number } | null;
}

/** Many steps of one kind, such as the chunks of a long video, in as few rows as show what ran beside what. */
export interface Group {
  kind: string;
  lanes: Lane[];
  rows: Block[][];
  status: StepStatus;
  done: number;
}

const MOST_APART = 8;
const MOST_ROWS = 12;

/** Lanes as they are listed: steps of a kind that has many are one group, where the first of them stood. Pure. */
export function grouped(lanes: Lane[]): (Lane | Group)[] {
  const kinds = new Map<string, Lane[]>();
  for (const one of lanes) {
    const kind = kindOf(one);
    if (kind !== null) kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  const told = new Set<string>();
  return lanes.flatMap((one): (Lane | Group)[] => {
    const kind = kindOf(one);
    const all = kind === null ? [] : (kinds.get(kind) ?? []);
    if (kind === null || all.length <= MOST_APART) return [one];
    if (told.has(kind)) return [];
    told.add(kind);
    return [group(kind, all)];
  });
}

function kindOf({ step }: Lane): string | null {
  return /^(.+)\/\d+$/.exec(step.name)?.[1] ?? null;
}

const WORST: StepStatus[] = ["FAILED", "CANCELLED", "RUNNING", "READY", "WAITING"];

function group(kind: string, lanes: Lane[]): Group {
  const done = lanes.filter(({ step }) => step.status === "SUCCEEDED" || step.status === "SKIPPED").length;
  const status = done === lanes.length ? "SUCCEEDED" : (WORST.find((one) => lanes.some(({ step }) => step.status === one)) ?? "WAITING");
  return { kind, lanes, rows: packed(lanes.flatMap(({ blocks }) => blocks)), status, done };
}

/** Blocks that overlap are in different rows, as workers have them; beyond the last row they share it. */
function packed(blocks: Block[]): Block[][] {
  const rows: Block[][] = [];
  for (const block of blocks.toSorted((one, other) => one.from - other.from)) {
    const free = rows.find((row) => row.at(-1)!.to <= block.from);
    if (free !== undefined) free.push(block);
    else if (rows.length < MOST_ROWS) rows.push([block]);
    else rows.at(-1)!.push(block);
  }
  return rows;
}

export interface Chart {
  lanes: Lane[];
  from: number;
  to: number;
  ticks: { at: number; seconds: number }[];
}

/** What a timeline looks like, in ms. Pure. */
export function chart(timeline: Timeline, skewMs: number, localNow: number): Chart {
  const now = localNow + skewMs;
  const from = Date.parse(timeline.created_at);
  const lanes = timeline.steps.map((step) => lane(step, now));
  const ends = lanes.flatMap(({ blocks, waits }) => [...blocks.map(({ to }) => to), ...(waits === null ? [] : [waits.to])]);
  const to = Math.max(from + 1_000, ...ends);
  const starts = lanes.flatMap(({ blocks, waits }) => [...blocks.map((block) => block.from), ...(waits === null ? [] : [waits.from])]);
  // A file may take hours to arrive: the axis begins where work does.
  const begin = starts.length === 0 ? from : Math.max(from, Math.min(...starts) - (to - Math.min(...starts)) * 0.01);
  return { lanes, from: begin, to, ticks: ticks(begin, to) };
}

function lane(step: TimelineStep, now: number): Lane {
  const blocks = step.attempts.map((attempt): Block => {
    const from = Date.parse(attempt.started_at);
    return { attempt, from, to: Math.max(from, attempt.finished_at === null ? now : Date.parse(attempt.finished_at)), outcome: attempt.outcome ?? "running" };
  });
  const first = blocks[0]?.from ?? null;
  const ready = step.ready_at === null ? null : Date.parse(step.ready_at);
  const waits = ready === null ? null : first !== null ? { from: ready, to: Math.max(ready, first) } : step.status === "READY" ? { from: ready, to: Math.max(ready, now) } : null;
  return { step, blocks, waits };
}

const NICE = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

function ticks(from: number, to: number): Chart["ticks"] {
  const seconds = (to - from) / 1000;
  const step = NICE.find((one) => seconds / one <= 6) ?? 86400 * Math.ceil(seconds / 86400 / 6);
  const found: Chart["ticks"] = [];
  for (let at = 0; at <= seconds; at += step) found.push({ at: from + at * 1000, seconds: at });
  return found;
}
