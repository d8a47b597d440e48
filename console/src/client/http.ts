import { addressOf, type Answer, type Ask, type Method, type PathOf } from "./api";

/** A request that the service refused, or that did not reach it (status 0), in words for its user. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds after which it may be asked again, where the service said so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
    this.name = "Refused";
  }

  /** Whether the same request may work in a moment. */
  get passing(): boolean {
    return this.status === 0 || this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

/** What a problem document (RFC 9457) says. */
export function refusal(status: number, body: string, retryAfter: number | null = null): Refused {
  try {
    const problem = JSON.parse(body) as { code?: unknown; detail?: unknown };
    const code = typeof problem.code === "string" ? problem.code : `http_${status}`;
    return new Refused(status, code, typeof problem.detail === "string" ? problem.detail : answered(status), retryAfter);
  } catch {
    return new Refused(status, `http_${status}`, answered(status), retryAfter);
  }
}

function answered(status: number): string {
  return `The service answered ${status} without saying why. Its log knows more.`;
}

export interface Settings {
  /** Where the service is, without a slash at the end; empty for the page's own origin. */
  baseUrl?: string;
  /** The API key, or what gives it at each request; null asks without one. */
  key: string | (() => string | null);
  fetch?: typeof fetch;
}

export interface Request {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/** Requests with the key, and refusals as errors. */
export class Http {
  readonly baseUrl: string;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.baseUrl = settings.baseUrl ?? "";
  }

  authorization(): Record<string, string> {
    const { key } = this.#settings;
    const text = typeof key === "string" ? key : key();
    return text === null ? {} : { Authorization: `Bearer ${text}` };
  }

  /**
   * An operation of the service's description, checked against it by the compiler.
   *
   * @throws Refused
   */
  ask<M extends Method, P extends PathOf<M>>(method: M, path: P, ask: Ask<M, P>): Promise<Response> {
    return this.send(method.toUpperCase(), addressOf(path, ask), ask);
  }

  /** As `ask`, with what was answered. */
  async json<M extends Method, P extends PathOf<M>>(method: M, path: P, ask: Ask<M, P>): Promise<Answer<M, P>> {
    return (await (await this.ask(method, path, ask)).json()) as Answer<M, P>;
  }

  /**
   * Any request, such as one to an address that the service gave.
   *
   * @throws Refused
   */
  async send(method: string, address: string, { body, headers = {}, signal }: Request = {}): Promise<Response> {
    const fetching = this.#settings.fetch ?? fetch;
    let response: Response;
    try {
      response = await fetching(this.baseUrl + address, {
        method,
        headers: { ...this.authorization(), ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (failure) {
      if (signal?.aborted === true) throw failure;
      throw new Refused(0, "unreachable", "The service cannot be reached. Check that it runs and that you are online; it is asked again in a moment.");
    }
    if (!response.ok) throw refusal(response.status, await response.text(), seconds(response.headers.get("Retry-After")));
    return response;
  }
}

export function seconds(header: string | null): number | null {
  const value = Number(header ?? "");
  return header === null || !Number.isFinite(value) ? null : value;
}
