import { expect, test } from "vitest";
import type { Attempt, Timeline, TimelineStep } from "../../client";
import { chart, grouped } from "./timeline";

const T0 = Date.parse("2026-01-01T00:00:00Z");
const at = (second: number) => new Date(T0 + second * 1000).toISOString();

function attempt(n: number, from: number, to: number | null, outcome: Attempt["outcome"]): Attempt {
  return { attempt: n, worker: "w", host: "h", ready_at: at(from), started_at: at(from), finished_at: to === null ? null : at(to), outcome, progress: 40, message: null, error: null, log: null };
}

function step(name: string, ready: number | null, ...attempts: Attempt[]): TimelineStep {
  return { name, queue: "metadata", status: "RUNNING", required: true, depends_on: [], ready_at: ready === null ? null : at(ready), attempts, outputs: [], output_count: 0, output_bytes: 0 };
}

function timeline(...steps: TimelineStep[]): Timeline {
  return { job_id: "j", created_at: at(0), now: at(100), steps };
}

test("attempts are bars; what still runs reaches to now, by the clock of the service", () => {
  const drawn = chart(timeline(step("transcode/000", 1, attempt(1, 2, 10, "lease_expired"), attempt(2, 12, null, null))), 5_000, T0 + 95_000);
  expect(drawn.lanes[0]?.blocks.map(({ from, to, outcome }) => [(from - T0) / 1000, (to - T0) / 1000, outcome])).toEqual([
    [2, 10, "lease_expired"],
    [12, 100, "running"],
  ]);
  expect(drawn.lanes[0]?.waits).toEqual({ from: T0 + 1_000, to: T0 + 2_000 });
  expect(drawn.to).toBe(T0 + 100_000);
});

test("the axis begins where work does, not at an upload that took hours", () => {
  const drawn = chart(timeline(step("metadata", 7_200, attempt(1, 7_201, 7_211, "succeeded"))), 0, T0 + 8_000_000);
  expect((drawn.from - T0) / 1000).toBeGreaterThan(7_199);
  expect(drawn.ticks.length).toBeGreaterThan(2);
  expect(drawn.ticks.length).toBeLessThan(8);
});

test("a clock that went back makes no bar of negative length", () => {
  const drawn = chart(timeline(step("metadata", null, attempt(1, 10, 9, "succeeded"))), 0, T0);
  expect(drawn.lanes[0]?.blocks[0]).toMatchObject({ from: T0 + 10_000, to: T0 + 10_000 });
});

test("the chunks of a long video are one group, in rows of what ran beside what", () => {
  const chunks = Array.from({ length: 40 }, (_, n) => step(`transcode/${`${n}`.padStart(3, "0")}`, null, attempt(1, n >> 1, (n >> 1) + 1, "succeeded")));
  chunks.forEach((one, n) => (one.status = n === 39 ? "FAILED" : "SUCCEEDED"));
  const listed = grouped(chart(timeline(step("metadata", null), ...chunks, step("finish", null)), 0, T0 + 100_000).lanes);
  expect(listed.map((one) => ("kind" in one ? `${one.kind} ${one.done}/${one.lanes.length} ${one.status} in ${one.rows.length}` : one.step.name))).toEqual([
    "metadata",
    "transcode 39/40 FAILED in 2",
    "finish",
  ]);
});

test("a few chunks stand for themselves", () => {
  const chunks = ["000", "001"].map((n) => step(`transcode/${n}`, null));
  expect(grouped(chart(timeline(...chunks), 0, T0).lanes)).toHaveLength(2);
});
