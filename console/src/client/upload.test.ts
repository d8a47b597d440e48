import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Claimcheck } from "./index";

/** As much of tus as these tests need, in memory. The first bytes of what a test says are lost with the connection. */
class FakeService {
  readonly asked: string[] = [];
  readonly metadata: string[] = [];
  bytes = Buffer.alloc(0);
  /** So many bytes after which the connection is cut, once. */
  cutAfter: number | null = null;
  refuse: { status: number; body: string } | null = null;
  tellJobAtOnce = true;
  readonly #server: Server;
  #length = 0;

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.setHeader("Tus-Resumable", "1.0.0");
    if (this.refuse !== null) {
      response.writeHead(this.refuse.status).end(this.refuse.body);
      return;
    }
    switch (request.method) {
      case "POST":
        this.#length = Number(request.headers["upload-length"]);
        this.metadata.push(String(request.headers["upload-metadata"]));
        response.writeHead(201, { Location: "/videos/tus/u1" }).end();
        return;
      case "HEAD":
        response.writeHead(200, { "Upload-Offset": this.bytes.length, "Upload-Length": this.#length, ...this.#job() }).end();
        return;
      case "PATCH":
        for await (const part of request) {
          this.bytes = Buffer.concat([this.bytes, part as Buffer]);
          if (this.cutAfter !== null && this.bytes.length >= this.cutAfter) {
            this.bytes = this.bytes.subarray(0, this.cutAfter);
            this.cutAfter = null;
            request.socket.destroy();
            return;
          }
        }
        response.writeHead(204, { "Upload-Offset": this.bytes.length, ...(this.tellJobAtOnce ? this.#job() : {}) }).end();
        return;
      case "DELETE":
        this.bytes = Buffer.alloc(0);
        response.writeHead(204).end();
        return;
      default:
        response.writeHead(405).end();
    }
  }

  #job(): Record<string, string> {
    return this.bytes.length === this.#length ? { "Claimcheck-Job-Id": "job-1" } : {};
  }
}

/** What stands for a browser's file outside of one. */
function file(content: Buffer, name: string): File {
  return Object.assign(content, { name, type: "video/mp4", size: content.length, lastModified: 0 }) as unknown as File;
}

const services: FakeService[] = [];
afterEach(() => services.splice(0).forEach((service) => service.stop()));

async function service(): Promise<{ fake: FakeService; client: Claimcheck }> {
  const fake = new FakeService();
  services.push(fake);
  return { fake, client: new Claimcheck({ baseUrl: await fake.start(), key: "k" }) };
}

test("a file goes up with its name and options, and becomes a job", async () => {
  const { fake, client } = await service();
  const sent: number[] = [];
  const content = Buffer.alloc(300_000, 7);
  const { job_id } = await client.upload(file(content, "a b.mp4"), { options: { profile: "preview" }, onProgress: (bytes) => sent.push(bytes) });
  expect(job_id).toBe("job-1");
  expect(fake.bytes.equals(content)).toBe(true);
  expect(fake.metadata[0]).toContain(`filename ${Buffer.from("a b.mp4").toString("base64")}`);
  expect(fake.metadata[0]).toContain(`profile ${Buffer.from("preview").toString("base64")}`);
  expect(sent.at(-1)).toBe(300_000);
  expect(fake.asked.every((line) => line.endsWith(" Bearer k") && !line.includes("k=")), fake.asked.join()).toBe(true);
});

test("after a cut it goes on where the service stands", async () => {
  const { fake, client } = await service();
  fake.cutAfter = 200_000;
  const content = Buffer.from(Array.from({ length: 500_000 }, (_, n) => n % 251));
  expect((await client.upload(file(content, "cut.mp4"))).job_id).toBe("job-1");
  expect(fake.bytes.equals(content)).toBe(true);
  expect(fake.asked.map((line) => line.split(" ")[0])).toEqual(["POST", "PATCH", "HEAD", "PATCH"]);
});

test("where the last answer does not say the job, it is asked for", async () => {
  const { fake, client } = await service();
  fake.tellJobAtOnce = false;
  expect((await client.upload(file(Buffer.alloc(10, 1), "x.mp4"))).job_id).toBe("job-1");
  expect(fake.asked.at(-1)).toMatch(/^HEAD/);
});

test("what is refused for good ends at once, in the words of the service", async () => {
  const { fake, client } = await service();
  fake.refuse = { status: 413, body: JSON.stringify({ code: "file_too_large", detail: "At most 30 MB are accepted." }) };
  await expect(client.upload(file(Buffer.alloc(10, 1), "x.mp4"))).rejects.toMatchObject({ status: 413, code: "file_too_large", message: "At most 30 MB are accepted." });
  expect(fake.asked).toHaveLength(1);
});

test("an upload that is called off is dropped by the service too", async () => {
  const { fake, client } = await service();
  fake.cutAfter = 100_000;
  const stop = new AbortController();
  const uploading = client.upload(file(Buffer.alloc(300_000, 1), "x.mp4"), { onProgress: (sent) => sent > 0 && stop.abort(new Error("not wanted")), signal: stop.signal });
  await expect(uploading).rejects.toThrow("not wanted");
  await expect.poll(() => fake.asked.some((line) => line.startsWith("DELETE"))).toBe(true);
});
