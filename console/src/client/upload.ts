import { DetailedError, Upload, type HttpResponse } from "tus-js-client";
import { refusal, Refused, type Http } from "./http";
import { afterError } from "./schedule";

export const ENDPOINT = "/videos/tus";
/** What a proxy in between that passes on whole requests only may hold back, and a browser may send again by itself, at most. */
export const CHUNK = 64 << 20;
const PASSING = new Set([0, 408, 409, 423, 429]);

export interface UploadOptions {
  /** Profile, clip and the like, as the service's options are named. */
  options?: Record<string, string>;
  onProgress?: (sent: number, size: number) => void;
  signal?: AbortSignal;
}

/** What went wrong between two tries, and whether another may work. */
export function failed(error: Error | DetailedError): { status: number; passing: boolean; refused: Refused } {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const status = response?.getStatus() ?? 0;
  const refused = status === 0 ? new Refused(0, "unreachable", "The connection broke off.") : refusal(status, response?.getBody() ?? "");
  return { status, passing: PASSING.has(status) || status >= 500, refused };
}

/** The job that a whole upload became. */
export async function jobOf(http: Http, url: string, last: HttpResponse | null): Promise<string> {
  const told = last?.getHeader("Claimcheck-Job-Id");
  if (told !== undefined) return told;
  const path = new URL(url, globalThis.location?.href).href;
  const response = await http.send("HEAD", path.startsWith("http") ? new URL(path).pathname : path, { headers: { "Tus-Resumable": "1.0.0" } });
  const job = response.headers.get("Claimcheck-Job-Id");
  if (job === null) throw new Refused(409, "conflict", "The upload is not whole yet. Send what is missing.");
  return job;
}

/** One file, to its end; for a page that has no tray. */
export function uploadOne(http: Http, file: File, { options = {}, onProgress, signal }: UploadOptions): Promise<{ job_id: string }> {
  return new Promise((resolve, reject) => {
    let failures = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: HttpResponse | null = null;
    const upload = new Upload(file, {
      endpoint: http.baseUrl + ENDPOINT,
      chunkSize: CHUNK,
      retryDelays: null,
      metadata: { filename: file.name, filetype: file.type || "application/octet-stream", ...options },
      onBeforeRequest: (request) => Object.entries(http.authorization()).forEach(([name, value]) => request.setHeader(name, value)),
      onAfterResponse: (_, response) => {
        last = response;
      },
      onProgress: (sent, size) => {
        failures = 0;
        onProgress?.(sent, size ?? file.size);
      },
      onSuccess: () => void jobOf(http, upload.url ?? "", last).then((job_id) => resolve({ job_id }), reject),
      onError: (error) => {
        const { passing, refused } = failed(error);
        if (!passing) reject(refused);
        else timer = setTimeout(() => upload.start(), afterError(failures++, Math.random()));
      },
    });
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      upload.abort(upload.url !== null).catch(() => undefined); // Out of reach: the service drops it by itself when it expires.
      reject(signal.reason as Error);
    });
    upload.start();
  });
}
