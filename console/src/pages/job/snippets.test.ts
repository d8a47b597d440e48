import { expect, test } from "vitest";
import { snippets } from "./snippets";

test("examples name the reader's own address and this job, and no key", () => {
  const found = snippets("https://video.example", "0190-abc");
  expect(found.map(({ name }) => name)).toEqual(["curl", "Java", "JavaScript"]);
  expect(found[0]?.text).toContain("'https://video.example/videos/jobs/0190-abc/status?wait=30s'");
  expect(found[0]?.text).toContain("$KEY");
  expect(found[2]?.text).toContain('client.follow("0190-abc"');
});
