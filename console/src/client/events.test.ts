import { afterEach, expect, test, vi } from "vitest";
import { EventFollower, type EventListener } from "./events";
import { Http } from "./http";
import { SseParser } from "./sse";
import type { Event } from "./types";

test("a stream is taken apart wherever it is cut", () => {
  const text = 'retry: 2000\n\nid: 7\nevent: job.created\ndata: {"a":1}\n\n: beat\n\nevent: progress\r\ndata: one\r\ndata: two\r\n\r\ndata:x\n\n';
  for (let cut = 0; cut <= text.length; cut++) {
    const parser = new SseParser();
    const messages = [...parser.feed(text.slice(0, cut)), ...parser.feed(text.slice(cut))];
    expect(messages, `cut at ${cut}`).toEqual([
      { id: "7", event: "job.created", data: '{"a":1}' },
      { id: "7", event: "progress", data: "one\ntwo" },
      { id: "7", event: "message", data: "x" },
    ]);
    expect(parser.retry).toBe(2000);
  }
});

/** A service that answers each request by the next of these; then it hangs until it is cut. */
function service(answers: ((url: string, headers: Headers) => Response | Error)[]) {
  const asked: { url: string; last: string | null; accept: string | null; key: string | null; signal: AbortSignal | null | undefined }[] = [];
  const fetching = (async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    asked.push({ url, last: headers.get("Last-Event-ID"), accept: headers.get("Accept"), key: headers.get("Authorization"), signal: init.signal });
    const answer = answers.shift();
    if (answer === undefined) {
      await new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new DOMException("cut", "AbortError"))));
      throw new Error("not reached");
    }
    const result = answer(url, headers);
    if (result instanceof Error) throw result;
    return result;
  }) as typeof fetch;
  return { asked, http: new Http({ key: "k", fetch: fetching }) };
}

function stream(...ids: number[]): Response {
  return new Response(ids.map((id) => `id: ${id}\nevent: step.started\ndata: ${JSON.stringify({ id: `${id}`, type: "step.started", job_id: "j", at: "", data: {} })}\n\n`).join(""), { status: 200 });
}

function problem(status: number, code: string): Response {
  return new Response(JSON.stringify({ code, detail: `it is ${code}` }), { status });
}

const followers: EventFollower[] = [];
afterEach(() => {
  followers.splice(0).forEach((one) => one.stop());
  vi.useRealTimers();
});

function follow(http: Http, listener: EventListener): void {
  vi.useFakeTimers();
  followers.push(new EventFollower(http, listener).start());
}

test("after a cut it goes on behind the last event", async () => {
  const { asked, http } = service([() => stream(1, 2), () => new TypeError("network"), () => stream(3)]);
  const seen: string[] = [];
  const states: string[] = [];
  follow(http, { onEvents: (events) => seen.push(...events.map((event: Event) => event.id)), onState: (state) => states.push(state) });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(4);
  expect(seen).toEqual(["1", "2", "3"]);
  expect(asked.map(({ last }) => last)).toEqual(["latest", "2", "2", "3"]);
  expect(asked[0]).toMatchObject({ url: "/events", accept: "text/event-stream", key: "Bearer k" });
  expect(states).toEqual(["connecting", "live", "away", "live"]);
});

test("where streams do not get through, it asks for pages", async () => {
  const gone = () => new TypeError("cut by a proxy");
  const page = () => Response.json({ events: [{ id: "5", type: "job.created", job_id: "j", at: "", data: {} }], next: "5" });
  const { asked, http } = service([gone, gone, gone, page]);
  const seen: string[] = [];
  const states: string[] = [];
  follow(http, { onEvents: (events) => seen.push(...events.map((event) => event.id)), onState: (state) => states.push(state) });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked).toHaveLength(5);
  expect(asked[3]?.url).toBe("/events?after=latest&limit=1000&wait=20s");
  expect(asked[4]?.url).toBe("/events?after=5&limit=1000&wait=20s");
  expect(seen).toEqual(["5"]);
  expect(states.at(-1)).toBe("polling");
});

test("from pages it comes back to a stream, when one gets through again", async () => {
  vi.useFakeTimers();
  const began = Date.now();
  let streams = 0;
  const fetching = (async (_: string, init: RequestInit) => {
    if (new Headers(init.headers).get("Accept") === "text/event-stream") {
      streams++;
      if (Date.now() - began < 90_000) throw new TypeError("cut by a proxy");
      return stream(8);
    }
    await new Promise((resolve) => setTimeout(resolve, 20_000)); // Held, as nothing happens.
    return Response.json({ events: [], next: "7" });
  }) as typeof fetch;
  const seen: string[] = [];
  const states: string[] = [];
  const listener: EventListener = { onEvents: (events) => seen.push(...events.map(({ id }) => id)), onState: (state) => states.push(state) };
  followers.push(new EventFollower(new Http({ key: "k", fetch: fetching }), listener).start());
  await vi.advanceTimersByTimeAsync(88_000);
  expect(streams).toBe(4); // The fourth after a minute of pages.
  expect(states.at(-1)).toBe("polling");
  await vi.advanceTimersByTimeAsync(82_000);
  expect(states).toContain("live");
  expect(seen[0]).toBe("8");
});

test("a cursor that is too old is a gap, and it goes on from now", async () => {
  const { asked, http } = service([() => stream(9), () => problem(410, "cursor_expired"), () => stream(20)]);
  let gaps = 0;
  follow(http, { onGap: () => gaps++ });
  await vi.advanceTimersByTimeAsync(30_000);
  expect(asked.length).toBeGreaterThanOrEqual(3);
  expect(gaps).toBe(1);
  expect(asked.map(({ last }) => last).slice(0, 3)).toEqual(["latest", "9", "latest"]);
});

test("while it is paused it holds no connection, and then goes on behind the last event", async () => {
  const { asked, http } = service([() => stream(4)]);
  const states: string[] = [];
  vi.useFakeTimers();
  const follower = new EventFollower(http, { onState: (state) => states.push(state) }).start();
  followers.push(follower);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked.map(({ last }) => last)).toEqual(["latest", "4"]); // The second one hangs.
  follower.pause();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked[1]?.signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked).toHaveLength(2);
  follower.resume();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked.map(({ last }) => last)).toEqual(["latest", "4", "4"]);
  expect(states, "nothing is wrong").toEqual(["connecting", "live"]);
});

test("a key that is not in force ends it", async () => {
  const { asked, http } = service([() => problem(401, "unauthorized")]);
  const refused: string[] = [];
  follow(http, { onRefused: ({ code }) => refused.push(code) });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(refused).toEqual(["unauthorized"]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(asked).toHaveLength(1);
});

test("a line that is silent for too long is cut and taken up anew", async () => {
  const silent = () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(": hello\n\n")) }), { status: 200 });
  const { asked, http } = service([silent]);
  vi.useFakeTimers();
  const follower = new EventFollower(
    new Http({
      key: "k",
      fetch: (async (url: string, init: RequestInit) => {
        const response = await http.send("GET", url, { signal: init.signal ?? undefined });
        const reader = response.body!.getReader();
        // A real fetch fails its body when it is aborted.
        return new Response(
          new ReadableStream({
            async pull(controller) {
              const cut = new Promise<never>((_, reject) => init.signal?.addEventListener("abort", () => reject(new DOMException("cut", "AbortError"))));
              const { value, done } = await Promise.race([reader.read(), cut]);
              if (done) controller.close();
              else controller.enqueue(value);
            },
          }),
        );
      }) as typeof fetch,
    }),
    {},
  ).start();
  followers.push(follower);
  await vi.advanceTimersByTimeAsync(39_000);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(2);
});
