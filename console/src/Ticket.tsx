import { useState, type ReactNode } from "react";
import type { Job } from "./api";
import { ago, duration, shortId } from "./words";

const WORDS: Record<string, { word: string; shape: string }> = {
  SENDING: { word: "Uploading", shape: "↑" },
  SENDING_WAITING: { word: "In line", shape: "○" },
  SENDING_PAUSED: { word: "Paused", shape: "‖" },
  SENDING_AWAY: { word: "Trying again", shape: "↻" },
  INTERRUPTED: { word: "Not finished", shape: "‖" },
  UPLOADING: { word: "Uploading", shape: "↑" },
  PENDING: { word: "Waiting", shape: "○" },
  IN_PROGRESS: { word: "Processing", shape: "◐" },
  COMPLETED: { word: "Ready", shape: "✓" },
  FAILED: { word: "Failed", shape: "✕" },
  CANCELLED: { word: "Cancelled", shape: "–" },
  EXPIRED: { word: "Not uploaded", shape: "–" },
  STEP_WAITING: { word: "Waiting", shape: "○" },
  STEP_READY: { word: "Next", shape: "○" },
  STEP_RUNNING: { word: "Running", shape: "◐" },
  STEP_SUCCEEDED: { word: "Done", shape: "✓" },
  STEP_FAILED: { word: "Failed", shape: "✕" },
  STEP_CANCELLED: { word: "Called off", shape: "–" },
  STEP_SKIPPED: { word: "Skipped", shape: "–" },
};

/** One status: a word, a shape and a colour, never colour alone. */
export function Status({ of }: { of: string }) {
  const { word, shape } = WORDS[of] ?? { word: of, shape: "?" };
  return (
    <span className={`status status-${of.toLowerCase().replace("step_", "")}`}>
      <span aria-hidden="true">{shape}</span> {word}
    </span>
  );
}

export function Bar({ percent, label }: { percent: number; label: string }) {
  return <progress className="bar" max={100} value={percent} aria-label={label} />;
}

export function remaining(job: Job, now: number): string {
  if (!job.estimated_completion) return "";
  const seconds = (Date.parse(job.estimated_completion) - now) / 1000;
  return seconds < 2 ? " · ready in a moment" : ` · ready in about ${duration(seconds)}`;
}

/** One line that says what is happening now. */
export function now(job: Job): string {
  switch (job.status) {
    case "IN_PROGRESS":
      return (job.message ?? "Processing") + remaining(job, Date.now());
    case "PENDING":
      return job.message ?? "Waiting for its turn";
    case "FAILED":
      return job.error?.message ?? "It failed.";
    case "COMPLETED":
      return `Uploaded ${ago(job.created_at, Date.now())}`;
    case "UPLOADING":
      return `Being uploaded, begun ${ago(job.created_at, Date.now())}`;
    case "EXPIRED":
      return "The upload was called off or never finished. Nothing of it was kept.";
    case "CANCELLED":
      return `Called off; uploaded ${ago(job.created_at, Date.now())}`;
  }
}

function Copy({ id }: { id: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <button
      type="button"
      className="claim"
      title={`Copy ${id}`}
      onClick={(event) => {
        event.stopPropagation();
        void navigator.clipboard.writeText(id).then(() => setCopied(true));
      }}
      onBlur={() => setCopied(false)}
    >
      {copied ? "copied" : shortId(id)}
    </button>
  );
}

/** The claim check: the same ticket in the tray, in the list and on top of the job page. */
export function Ticket({ job, href, actions }: { job: Job; href?: string; actions?: ReactNode }) {
  const busy = job.status === "IN_PROGRESS" || job.status === "PENDING";
  return (
    <article className="ticket" data-job={job.job_id} data-status={job.status}>
      <div className="poster" aria-hidden="true">
        {job.thumbnail_url ? <img src={job.thumbnail_url} alt="" loading="lazy" /> : <span>▶</span>}
      </div>
      <div className="facts">
        <div className="line">
          {href ? (
            <a className="name" href={href} title={job.filename}>
              <bdi>{job.filename}</bdi>
            </a>
          ) : (
            <span className="name" title={job.filename}>
              <bdi>{job.filename}</bdi>
            </span>
          )}
          <Status of={job.status} />
        </div>
        <div className="line">
          <p className="happening" title={job.created_at}>
            {now(job)}
          </p>
          <Copy id={job.job_id} />
        </div>
        {busy && <Bar percent={job.progress ?? 0} label={`Processing ${job.filename}`} />}
      </div>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </article>
  );
}
