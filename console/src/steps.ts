import type { Step } from "./api";

/** A row of the list: a step, or several of a kind told as one. */
export interface Row extends Step {
  /** Seconds of work; of several, from the first one's start to the last one's end. */
  seconds: number | null;
}

const MOST_APART = 3;

/** Chunks of one video are many, and one is like the other: they are told as one row, with those apart that failed. Pure. */
export function rows(steps: Step[]): Row[] {
  const chunks = steps.filter(isChunk);
  if (chunks.length <= MOST_APART) return steps.map(alone);
  const first = steps.findIndex(isChunk);
  return steps.flatMap((step, index) => {
    if (!isChunk(step)) return [alone(step)];
    if (index === first) return [together(chunks), ...chunks.filter((chunk) => chunk.error).map(alone)];
    return [];
  });
}

function isChunk(step: Step): boolean {
  return step.name.startsWith("transcode/");
}

function alone(step: Step): Row {
  return { ...step, seconds: between(step.started_at, step.finished_at) };
}

function together(chunks: Step[]): Row {
  const done = chunks.filter((chunk) => chunk.status === "SUCCEEDED").length;
  const started = chunks.flatMap((chunk) => chunk.started_at ?? []).sort();
  const finished = chunks.flatMap((chunk) => chunk.finished_at ?? []).sort();
  const all = done === chunks.length;
  const row: Row = {
    name: `transcode · ${done} of ${chunks.length} chunks`,
    queue: chunks[0]?.queue ?? "",
    status: status(chunks, all),
    required: true,
    attempt: 1,
    progress: chunks.reduce((sum, chunk) => sum + chunk.progress, 0) / chunks.length,
    seconds: all ? between(started[0], finished[finished.length - 1]) : null,
  };
  return row;
}

function status(chunks: Step[], all: boolean): string {
  if (all) return "SUCCEEDED";
  for (const one of ["FAILED", "CANCELLED", "RUNNING", "READY"]) {
    if (chunks.some((chunk) => chunk.status === one)) return one;
  }
  return "WAITING";
}

function between(from: string | undefined, to: string | undefined): number | null {
  return from !== undefined && to !== undefined ? (Date.parse(to) - Date.parse(from)) / 1000 : null;
}
