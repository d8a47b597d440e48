import { afterEach, expect, test, vi } from "vitest";
import { Claimcheck, Refused } from "./index";

afterEach(() => vi.useRealTimers());

function answering(...answers: (() => Response)[]) {
  const asked: string[] = [];
  const client = new Claimcheck({
    key: () => "secret",
    fetch: (async (url: string, init: RequestInit) => {
      asked.push(`${init.method} ${url}`);
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError("nothing more");
      return answer();
    }) as typeof fetch,
  });
  return { client, asked };
}

test("a job is followed on the schedule until it has ended, through trouble on the way", async () => {
  vi.useFakeTimers();
  const { client, asked } = answering(
    () => Response.json({ job_id: "j", status: "PENDING" }, { headers: { "Retry-After": "2" } }),
    () => new Response("", { status: 503 }),
    () => Response.json({ job_id: "j", status: "COMPLETED", video_url: "/v" }),
  );
  const seen: string[] = [];
  const followed = client.follow("j", ({ status }) => seen.push(status));
  await vi.advanceTimersByTimeAsync(1_999);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await followed).video_url).toBe("/v");
  expect(seen).toEqual(["PENDING", "COMPLETED"]);
});

test("what is refused for good is told in the words of the service", async () => {
  const { client } = answering(() => Response.json({ code: "not_found", detail: "There is no such job." }, { status: 404 }));
  const refused = await client.follow("j").catch((failure: unknown) => failure);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 404, code: "not_found", message: "There is no such job.", passing: false });
});

test("following can be stopped", async () => {
  const { client } = answering(() => Response.json({ job_id: "j", status: "PENDING" }));
  const stop = new AbortController();
  const followed = client.follow("j", () => stop.abort(new Error("enough")), stop.signal);
  await expect(followed).rejects.toThrow("enough");
});

test("names in addresses are encoded, and the key is never part of one", async () => {
  const ok = () => Response.json({ jobs: [], next_cursor: null });
  const { client, asked } = answering(ok, ok, ok, ok);
  await client.jobs({ status: ["FAILED", "IN_PROGRESS"], q: "a&b #1", limit: 5 });
  await client.retryStep("j", "transcode/003");
  await client.removeKey("../x");
  await client.delivery("a/b?c", "d");
  expect(asked).toEqual([
    "GET /videos/jobs?status=FAILED%2CIN_PROGRESS&q=a%26b+%231&limit=5",
    "POST /videos/jobs/j/steps/transcode/003/retry",
    "DELETE /access/keys/..%2Fx",
    "GET /webhooks/a%2Fb%3Fc/deliveries/d",
  ]);
  expect(asked.join()).not.toContain("secret");
});
