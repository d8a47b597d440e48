import { expect, test } from "vitest";
import { clock, cueAt, cues } from "./storyboard";

const TEXT = `WEBVTT

00:00:00.000 --> 00:00:01.000
001.jpg#xywh=0,0,160,90

00:01.000 --> 00:02.000
001.jpg#xywh=160,0,160,90

NOTE nothing

01:00:00.000 --> 01:00:10.500
004.jpg#xywh=0,90,160,90
`;

test("cues name parts of sheets, relative to the storyboard", () => {
  const found = cues(TEXT, "http://x/media/t/j/storyboard/storyboard.vtt");
  expect(found).toHaveLength(3);
  expect(found[1]).toEqual({ from: 1, to: 2, url: "http://x/media/t/j/storyboard/001.jpg", x: 160, y: 0, width: 160, height: 90 });
  expect(found[2]).toMatchObject({ from: 3600, to: 3610.5, y: 90 });
});

test("a moment has the last picture before it", () => {
  const found = cues(TEXT, "http://x/");
  expect([-1, 0.5, 1, 500, 3605, 9999].map((second) => cueAt(found, second)?.from)).toEqual([0, 0, 1, 1, 3600, 3600]);
  expect(cueAt([], 1)).toBeNull();
});

test("clocks have hours only where there are some", () => {
  expect([clock(0), clock(61.9), clock(3725), clock(-1)]).toEqual(["0:00", "1:01", "1:02:05", "0:00"]);
});
