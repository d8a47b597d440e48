/** The service as the console sees it. */

export interface Step {
  name: string;
  queue: string;
  status: string;
  required: boolean;
  attempt: number;
  progress: number;
  message?: string;
  started_at?: string;
  finished_at?: string;
  retry_at?: string;
  error?: { code: string; message: string; detail: string | null };
}

export interface Job {
  job_id: string;
  status: "UPLOADING" | "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED" | "CANCELLED" | "EXPIRED";
  filename: string;
  created_at: string;
  progress?: number;
  message?: string;
  estimated_completion?: string | null;
  video_url?: string;
  download_url?: string;
  thumbnail_url?: string;
  metadata?: Record<string, string | number | boolean> | null;
  error?: { code: string; message: string; detail?: string | null };
  retry_allowed?: boolean;
  warnings?: { message: string }[];
  steps?: Step[];
  size?: number;
}

/** A request that the service refused, in its own words. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

const KEY = "claimcheck.key";

export const session = {
  key: () => sessionStorage.getItem(KEY),
  signIn: (key: string) => sessionStorage.setItem(KEY, key),
  signOut: () => sessionStorage.removeItem(KEY),
};

/** What a problem document says. */
export function refusal(status: number, body: string): Refused {
  try {
    const problem = JSON.parse(body) as { code?: string; detail?: string };
    return new Refused(status, problem.code ?? `http_${status}`, problem.detail ?? `The service answered ${status}.`);
  } catch {
    return new Refused(status, `http_${status}`, `The service answered ${status}.`);
  }
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = {};
  const key = session.key();
  if (key !== null) headers["Authorization"] = `Bearer ${key}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    throw new Refused(0, "unreachable", "The service cannot be reached. It is asked again in a moment.");
  }
  if (!response.ok) throw refusal(response.status, await response.text());
  return response;
}

export const api = {
  async jobs(status: string, cursor: string | null): Promise<{ jobs: Job[]; next_cursor: string | null }> {
    const query = new URLSearchParams({ limit: "30" });
    if (status !== "") query.set("status", status);
    if (cursor !== null) query.set("cursor", cursor);
    return (await call("GET", `/videos/jobs?${query}`)).json();
  },
  async job(id: string): Promise<Job> {
    return (await call("GET", `/videos/jobs/${encodeURIComponent(id)}`)).json();
  },
  async status(id: string): Promise<{ job: Job; retryAfter: number | null }> {
    const response = await call("GET", `/videos/jobs/${encodeURIComponent(id)}/status`);
    const retryAfter = response.headers.get("Retry-After");
    return { job: await response.json(), retryAfter: retryAfter === null ? null : Number(retryAfter) };
  },
  async act(id: string, action: "retry" | "cancel"): Promise<void> {
    await call("POST", `/videos/jobs/${encodeURIComponent(id)}/${action}`);
  },
  async remove(id: string): Promise<void> {
    await call("DELETE", `/videos/jobs/${encodeURIComponent(id)}`);
  },
  async exchange(token: string): Promise<string> {
    const response = await call("POST", "/access/console-session", { token });
    return ((await response.json()) as { key: string }).key;
  },
  /** In bytes, as the server offers it to everybody. */
  async largestFile(): Promise<number> {
    return Number((await call("OPTIONS", "/videos/tus")).headers.get("Tus-Max-Size"));
  },
};
