import { expect, test } from "vitest";
import type { History } from "../../client";
import { ofQueue, together } from "./history";

function point(second: number, waiting: number, finished: number, oldest = 0) {
  const at = new Date(second * 1000).toISOString();
  return { at, queues: { video_processing: { waiting, running: 1, oldest_wait_seconds: oldest, started: finished, finished, failed: 0 } } };
}

const HISTORY: History = { resolution_seconds: 10, points: [point(10, 3, 2, 4), point(20, 5, 0), { at: new Date(30_000).toISOString(), queues: {} }] };

test("counts of a sample become rates per minute, and what was not sampled is a gap", () => {
  expect(ofQueue(HISTORY, "video_processing")).toEqual({
    times: [10, 20, 30],
    waiting: [3, 5, null],
    running: [1, 1, null],
    lag: [4, 0, null],
    started: [12, 0, null],
    finished: [12, 0, null],
    failed: [0, 0, null],
  });
});

test("many points are put together, keeping the peaks", () => {
  const points = Array.from({ length: 8640 }, (_, n) => point(10 * n, n === 4321 ? 999 : 1, 1));
  const queue = ofQueue({ resolution_seconds: 10, points }, "video_processing");
  expect(queue.times.length).toBeLessThanOrEqual(360);
  expect(Math.max(...queue.waiting.map((value) => value ?? 0))).toBe(999);
  expect(queue.finished.every((value) => value === 6)).toBe(true);
});

test("queues are added up, or the worst is told", () => {
  expect(together(HISTORY, ({ waiting }) => waiting, "sum")).toEqual([3, 5, 0]);
  expect(together(HISTORY, ({ oldest_wait_seconds }) => oldest_wait_seconds, "most")).toEqual([4, 0, 0]);
});
