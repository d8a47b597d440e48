import { afterEach, expect, test, vi } from "vitest";
import type { Event, Job, JobPage } from "../client";
import { Coalescer, type Batch } from "./coalescer";
import { flat, pagesWith, patched, replaced, withJob, without, type JobList } from "./list";

afterEach(() => vi.useRealTimers());

function job(id: string, more: Partial<Job> = {}): Job {
  return { job_id: id, status: "IN_PROGRESS", filename: `${id}.mp4`, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z", status_url: `/videos/jobs/${id}/status`, ...more };
}

function page(next: string | null, ...ids: string[]): JobPage {
  return { jobs: ids.map((id) => job(id)), next_cursor: next };
}

function list(...pages: JobPage[]): JobList {
  return { pages, pageParams: [null, ...pages.slice(0, -1).map((one) => one.next_cursor)] };
}

function ids(of: JobList): string[] {
  return flat(of).map(({ job_id }) => job_id);
}

test("what is no job's changes no job", () => {
  vi.useFakeTimers();
  const batches: Batch[] = [];
  const coalescer = new Coalescer((batch) => batches.push(batch), 250);
  coalescer.events([{ id: "7", type: "webhook.disabled", job_id: null, at: "", data: {} }]);
  vi.advanceTimersByTime(250);
  expect(batches.map(({ changed, tail }) => [changed.size, tail.length])).toEqual([[0, 1]]);
});

test("a thousand events are one batch, with the newest word of each job", () => {
  vi.useFakeTimers();
  const batches: Batch[] = [];
  const coalescer = new Coalescer((batch) => batches.push(batch), 250);
  for (let n = 0; n < 1000; n++) {
    coalescer.events([{ id: `${n}`, type: n % 2 ? "step.started" : "step.succeeded", job_id: `j${n % 10}`, at: "", data: {} } satisfies Event]);
    coalescer.progress([job(`j${n % 10}`, { progress: n })]);
  }
  expect(batches).toHaveLength(0);
  vi.advanceTimersByTime(250);
  expect(batches).toHaveLength(1);
  expect(batches[0]?.changed.size).toBe(10);
  expect(batches[0]?.progress.get("j9")?.progress).toBe(999);
  expect(batches[0]?.tail.length).toBeLessThanOrEqual(400);
  expect(batches[0]?.tail.at(-1)?.id).toBe("999");
  vi.advanceTimersByTime(1_000);
  expect(batches, "nothing new, nothing told").toHaveLength(1);
});

test("news go into their rows alone; who does not fit the filter leaves", () => {
  const before = list(page("7", "9", "8"), page(null, "7", "6"));
  const after = patched(before, new Map([["8", job("8", { status: "COMPLETED" })], ["6", job("6", { progress: 50 })]]), ["IN_PROGRESS"]);
  expect(ids(after)).toEqual(["9", "7", "6"]);
  expect(after.pages[0]?.jobs[0]).toBe(before.pages[0]?.jobs[0]);
  expect(patched(before, new Map([["1", job("1")]]), [])).toBe(before);
});

test("a first page read anew brings the new ones, keeps the older ones and drops the deleted", () => {
  const before = list(page("6", "9", "8", "7", "6"), page(null, "5", "4"));
  const fresh = page("8", "b", "a", "9", "7"); // 8 was deleted; a page holds four.
  expect(ids(replaced(before, 0, fresh))).toEqual(["b", "a", "9", "7", "6", "5", "4"]);
});

test("a page in the middle that reaches into the next one tells no job twice", () => {
  const before = list(page("8", "9", "8"), page("6", "7", "6"), page(null, "5", "4"));
  const after = replaced(before, 1, page("5", "6", "5")); // 7 was deleted.
  expect(ids(after)).toEqual(["9", "8", "6", "5", "4"]);
  expect(after.pages[1]).toMatchObject({ next_cursor: "6", jobs: [{ job_id: "6" }] });
});

test("the last page learns that there is more", () => {
  expect(replaced(list(page(null, "9")), 0, page("8", "9", "8")).pages[0]?.next_cursor).toBe("8");
});

test("pages with certain jobs are found, and jobs are taken out", () => {
  const before = list(page("8", "9", "8"), page(null, "7"));
  expect(pagesWith(before, new Set(["7", "x"]))).toEqual([1]);
  expect(ids(without(before, new Set(["9", "7"])))).toEqual(["8"]);
});

test("a job that just came is on top, one that is known is changed in its place", () => {
  const before = list(page(null, "8", "7"));
  expect(ids(withJob(before, job("9"), []))).toEqual(["9", "8", "7"]);
  expect(flat(withJob(before, job("7", { progress: 5 }), []))[1]?.progress).toBe(5);
  expect(withJob(before, job("9"), ["FAILED"])).toBe(before);
  expect(withJob(before, job("75"), []), "where it belongs is not known").toBe(before);
});
