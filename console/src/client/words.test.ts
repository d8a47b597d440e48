import { expect, test } from "vitest";
import { afterError, nextPoll } from "./schedule";
import { ago, count, duration, percentText, precise, refusedBeforehand, share, shortId, size, sizeOf, until, webAddress, whoWorked } from "./words";

test("sizes have a unit that fits", () => {
  expect([size(0), size(999), size(1_200), size(12_345_678), size(5e12)]).toEqual(["0 B", "999 B", "1.2 kB", "12 MB", "5.0 TB"]);
});

test("durations are short", () => {
  expect([duration(-1), duration(59), duration(61), duration(3_725)]).toEqual(["0 s", "59 s", "1:01 min", "1:02 h"]);
});

test("time spent has tenths below a minute, and milliseconds below one", () => {
  expect([precise(-1), precise(0.04), precise(0.1), precise(2.36), precise(61)]).toEqual(["0 ms", "40 ms", "0.1 s", "2.4 s", "1:01 min"]);
});

test("times are relative", () => {
  const now = Date.parse("2026-01-02T00:00:00Z");
  expect(ago("2026-01-01T23:59:50Z", now)).toBe("just now");
  expect(ago("2026-01-01T22:00:00Z", now)).toBe("2 h ago");
});

test("the short number is the end of the id", () => {
  expect(shortId("01900000-0000-7000-8000-00000abcdef0")).toBe("0abcdef0");
});

test("polls slow down with age and honour the service", () => {
  expect([nextPoll(0, null), nextPoll(31_000, null), nextPoll(400_000, null), nextPoll(0, 5), nextPoll(0, 999)]).toEqual([2000, 10000, 30000, 5000, 30000]);
});

test("errors back off with jitter up to a limit", () => {
  expect(afterError(0, 1)).toBe(1250);
  expect(afterError(20, 1)).toBe(30_250);
  expect(afterError(5, 0)).toBe(250);
});

test("a share is never whole before the end", () => {
  expect([percentText(0, 0), percentText(1, 3), percentText(999, 1000), percentText(5, 5)]).toEqual(["0 %", "33 %", "99 %", "99 %"]);
});

test("times to come name their day", () => {
  const at = (text: string) => new Date(text).getTime();
  expect(until(at("2026-01-02T14:05"), at("2026-01-02T09:00"))).toBe("14:05");
  expect(until(at("2026-01-02T14:05"), at("2026-01-01T23:59"))).toBe("tomorrow 14:05");
  expect(until(at("2026-01-09T14:05"), at("2026-01-01T23:59"))).toMatch(/14:05$/);
});

test("what cannot work is said before a byte is sent", () => {
  expect(refusedBeforehand({ size: 0, type: "video/mp4" }, 10)).toContain("empty");
  expect(refusedBeforehand({ size: 5, type: "image/png" }, 10)).toContain("picture");
  expect(refusedBeforehand({ size: 5, type: "text/plain" }, 10)).toContain("not a video");
  expect(refusedBeforehand({ size: 60e9, type: "video/mp4" }, 50e9)).toContain("has 60 GB; the largest accepted here is 50 GB");
  expect(refusedBeforehand({ size: 5, type: "video/mp4" }, 10)).toBeNull();
  expect(refusedBeforehand({ size: 5, type: "" }, 10)).toBeNull();
});

test("a part of a size says the unit once", () => {
  expect([sizeOf(4_300_000, 20_000_000), sizeOf(500, 20_000_000), sizeOf(0, 999)]).toEqual(["4.3 of 20 MB", "500 B of 20 MB", "0 of 999 B"]);
});

test("links lead to web addresses only", () => {
  expect(webAddress("https://example.com/a?b#c")).toBe("https://example.com/a?b#c");
  expect(webAddress("/media/x/y.mp4")).toMatch(/^http:\/\/.*\/media\/x\/y\.mp4$/);
  for (const hostile of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "http://[", "java\nscript:alert(1)"]) {
    expect(webAddress(hostile), hostile).toBeNull();
  }
});

test("counts and shares are read at a glance", () => {
  expect([count(1204), share(0, 0), share(982, 1000), share(5, 5), share(0, 5)]).toEqual(["1,204", "–", "98.2 %", "100 %", "0 %"]);
});

test("workers are told apart by what differs", () => {
  expect(whoWorked("worker-d11fed65-51f9-4fbc-b28e-1a17f0a38e6b", "vm")).toBe("worker …a38e6b on vm");
  expect(whoWorked("render-01", null)).toBe("render-01");
  expect(whoWorked("render-01", "render-01")).toBe("render-01");
});
