import { expect, test } from "vitest";
import type { Step } from "./api";
import { rows } from "./steps";

function step(name: string, status: string, more: Partial<Step> = {}): Step {
  return { name, queue: "q", status, required: true, attempt: 1, progress: status === "SUCCEEDED" ? 100 : 0, ...more };
}

test("few chunks are rows of their own", () => {
  const steps = [step("metadata", "SUCCEEDED"), step("transcode/000", "RUNNING"), step("finish", "WAITING")];
  expect(rows(steps).map((row) => row.name)).toEqual(["metadata", "transcode/000", "finish"]);
});

test("many chunks are one row that counts them", () => {
  const chunks = [
    step("transcode/000", "SUCCEEDED"),
    step("transcode/001", "SUCCEEDED"),
    step("transcode/002", "RUNNING", { progress: 50 }),
    step("transcode/003", "WAITING"),
  ];
  const found = rows([step("metadata", "SUCCEEDED"), ...chunks, step("audio", "RUNNING")]);
  expect(found.map((row) => row.name)).toEqual(["metadata", "transcode · 2 of 4 chunks", "audio"]);
  expect(found[1]).toMatchObject({ status: "RUNNING", progress: 62.5, seconds: null });
});

test("a chunk that failed is told apart", () => {
  const error = { code: "undecodable", message: "damaged", detail: null };
  const chunks = [0, 1, 2, 3].map((n) => step(`transcode/00${n}`, n === 2 ? "FAILED" : "SUCCEEDED", n === 2 ? { error } : {}));
  expect(rows(chunks).map((row) => [row.name, row.status])).toEqual([
    ["transcode · 3 of 4 chunks", "FAILED"],
    ["transcode/002", "FAILED"],
  ]);
});

test("finished chunks took from the first start to the last end", () => {
  const chunks = [0, 1, 2, 3].map((n) =>
    step(`transcode/00${n}`, "SUCCEEDED", { started_at: `2026-01-01T00:00:0${n}Z`, finished_at: `2026-01-01T00:00:1${n}Z` }),
  );
  expect(rows(chunks)[0]).toMatchObject({ status: "SUCCEEDED", seconds: 13 });
});
