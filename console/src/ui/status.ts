import type { IconName } from "./Icon";

export type Tone = "waiting" | "running" | "done" | "retrying" | "failed";

export interface Look {
  word: string;
  tone: Tone;
  shape: IconName;
}

const JOBS: Record<string, Look> = {
  UPLOADING: { word: "Uploading", tone: "running", shape: "up" },
  PENDING: { word: "Waiting", tone: "waiting", shape: "ring" },
  IN_PROGRESS: { word: "Processing", tone: "running", shape: "half" },
  COMPLETED: { word: "Ready", tone: "done", shape: "tick" },
  FAILED: { word: "Failed", tone: "failed", shape: "cross" },
  CANCELLED: { word: "Cancelled", tone: "waiting", shape: "dash" },
  EXPIRED: { word: "Not uploaded", tone: "waiting", shape: "dash" },
};

const UPLOADS: Record<string, Look> = {
  waiting: { word: "In line", tone: "waiting", shape: "ring" },
  sending: { word: "Uploading", tone: "running", shape: "up" },
  finishing: { word: "Uploading", tone: "running", shape: "up" },
  paused: { word: "Paused", tone: "retrying", shape: "pause" },
  away: { word: "Trying again", tone: "retrying", shape: "again" },
  failed: { word: "Refused", tone: "failed", shape: "cross" },
  interrupted: { word: "Not finished", tone: "retrying", shape: "pause" },
};

const STEPS: Record<string, Look> = {
  WAITING: { word: "Waiting", tone: "waiting", shape: "ring" },
  READY: { word: "Next", tone: "waiting", shape: "ring" },
  RUNNING: { word: "Running", tone: "running", shape: "half" },
  SUCCEEDED: { word: "Done", tone: "done", shape: "tick" },
  FAILED: { word: "Failed", tone: "failed", shape: "cross" },
  CANCELLED: { word: "Called off", tone: "waiting", shape: "dash" },
  SKIPPED: { word: "Skipped", tone: "waiting", shape: "dash" },
};

const OUTCOMES: Record<string, Look> = {
  running: { word: "Running", tone: "running", shape: "half" },
  succeeded: { word: "Done", tone: "done", shape: "tick" },
  failed: { word: "Failed", tone: "failed", shape: "cross" },
  retrying: { word: "Tried again", tone: "retrying", shape: "again" },
  released: { word: "Given back", tone: "retrying", shape: "again" },
  lease_expired: { word: "Worker lost", tone: "retrying", shape: "warn" },
  cancelled: { word: "Called off", tone: "waiting", shape: "dash" },
};

function look(table: Record<string, Look>, name: string): Look {
  return table[name] ?? { word: name, tone: "waiting", shape: "ring" };
}

export const jobLook = (status: string) => look(JOBS, status);
export const uploadLook = (phase: string) => look(UPLOADS, phase);
export const stepLook = (status: string) => look(STEPS, status);
export const outcomeLook = (outcome: string | null) => look(OUTCOMES, outcome ?? "running");
