import { expect, test } from "vitest";
import { Meter } from "./meter";
import { RememberedUploads } from "./remembered";

test("the rate is that of the last seconds", () => {
  const meter = new Meter(1_000_000, 0);
  expect(meter.rate(100)).toBeNull();
  meter.record(2_000_000, 1_000);
  expect(meter.rate(1_000)).toBe(1_000_000);
  meter.record(2_100_000, 20_000);
  meter.record(2_200_000, 21_000);
  expect(meter.rate(21_000)).toBe(100_000);
});

test("a line that stands still has no rate", () => {
  const meter = new Meter(0, 0);
  meter.record(1_000_000, 1_000);
  expect(meter.rate(5_000)).toBe(200_000);
  expect(meter.rate(30_000)).toBeNull();
});

/** What a browser's storage does, with its own keys as properties. */
function storage(): Storage {
  return Object.defineProperties(
    {},
    {
      getItem: { value(this: Record<string, string>, key: string) { return this[key] ?? null; } },
      setItem: { value(this: Record<string, string>, key: string, text: string) { this[key] = text; } },
      removeItem: { value(this: Record<string, string>, key: string) { delete this[key]; } },
    },
  ) as Storage;
}

const UPLOAD = {
  size: 1_000,
  metadata: { filename: "holiday.mp4" },
  creationTime: "2026-01-01T00:00:00Z",
  urlStorageKey: "",
  uploadUrl: "/videos/tus/1",
  parallelUploadUrls: null,
};

test("an upload that nobody sends any more is offered", async () => {
  let now = 1_000_000;
  const memory = new RememberedUploads(storage(), () => now);
  await memory.addUpload("me holiday", UPLOAD);
  memory.note("me holiday", 420);
  expect(memory.interrupted("me ")).toEqual([]);
  memory.letGo("me holiday");
  expect(memory.interrupted("me ")).toMatchObject([{ name: "holiday.mp4", size: 1_000, sent: 420, url: "/videos/tus/1" }]);
  expect(memory.interrupted("another ")).toEqual([]);
  expect(await memory.findUploadsByFingerprint("me holiday")).toMatchObject([{ uploadUrl: "/videos/tus/1", urlStorageKey: "me holiday" }]);
});

test("a page that vanished without a word is noticed", async () => {
  let now = 1_000_000;
  const memory = new RememberedUploads(storage(), () => now);
  await memory.addUpload("me holiday", UPLOAD);
  now += 9_000;
  expect(memory.interrupted("me ")).toEqual([]);
  now += 2_000;
  expect(memory.interrupted("me ")).toHaveLength(1);
});

test("what the server has dropped is not offered", async () => {
  let now = 1_000_000;
  const memory = new RememberedUploads(storage(), () => now);
  await memory.addUpload("me holiday", UPLOAD);
  memory.expires("me holiday", now + 60_000);
  memory.letGo("me holiday");
  expect(memory.interrupted("me ")).toHaveLength(1);
  now += 60_001;
  expect(memory.interrupted("me ")).toEqual([]);
  expect(await memory.findAllUploads()).toEqual([]);
});
