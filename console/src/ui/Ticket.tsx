import { useState, type ReactNode } from "react";
import { Link } from "react-router";
import type { Job } from "../client";
import { ago, duration } from "../client/words";
import { Icon } from "./Icon";
import { jobLook, type Look } from "./status";
import css from "./Ticket.module.css";
import { Bar, ClaimNumber, classes, Status, uiCss, useNow } from "./ui";

export function remaining(job: Job, now: number): string {
  if (!job.estimated_completion) return "";
  const seconds = (Date.parse(job.estimated_completion) - now) / 1000;
  return seconds < 2 ? " · ready in a moment" : ` · ready in about ${duration(seconds)}`;
}

function took({ created_at, finished_at }: Job): string {
  if (finished_at === undefined) return "";
  const seconds = (Date.parse(finished_at) - Date.parse(created_at)) / 1000;
  return seconds < 1 ? ", ready at once" : `, took ${duration(seconds)}`;
}

/** Where the page says elsewhere why it failed. */
function failed(job: Job, now: number): string {
  const after = job.finished_at === undefined ? "" : `, failed after ${duration((Date.parse(job.finished_at) - Date.parse(job.created_at)) / 1000)}`;
  return `Uploaded ${ago(job.created_at, now)}${after}`;
}

/** One line that says what is happening now. */
export function happening(job: Job, now: number): string {
  switch (job.status) {
    case "IN_PROGRESS":
      return (job.message ?? "Processing") + remaining(job, now);
    case "PENDING":
      return (job.message ?? "Waiting for its turn") + remaining(job, now);
    case "FAILED":
      return job.error?.message ?? "It failed.";
    case "COMPLETED":
      return `Uploaded ${ago(job.created_at, now)}${took(job)}`;
    case "UPLOADING":
      return `Being uploaded, begun ${ago(job.created_at, now)}`;
    case "EXPIRED":
      return "The upload was called off or never finished. Nothing of it was kept; upload it again.";
    case "CANCELLED":
      return `Called off; begun ${ago(job.created_at, now)}`; // Perhaps in the middle of its upload.
  }
}

export function Poster({ url }: { url?: string | undefined }) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <div className={css["poster"]} aria-hidden="true">
      {url !== undefined && broken !== url ? <img src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(url)} /> : <Icon name="film" size={20} />}
    </div>
  );
}

interface FaceProps {
  name: string;
  /** Where the name leads. */
  to?: string;
  look: Look;
  line: ReactNode;
  alert?: boolean;
  id?: string;
  poster?: string | undefined;
  bars?: ReactNode;
  actions?: ReactNode;
  whole?: boolean;
  data?: Record<`data-${string}`, string>;
}

/** The claim check: the same ticket in the tray, in the list and on top of the job page. */
export function TicketFace({ name, to, look, line, alert = false, id, poster, bars, actions, whole = false, data = {} }: FaceProps) {
  const Name = whole ? "h1" : "span";
  return (
    <article className={classes(css["ticket"], whole && css["whole"], !whole && uiCss["card"])} aria-label={name} {...data}>
      <Poster url={poster} />
      <div className={css["facts"]}>
        <div className={css["first"]}>
          {to === undefined ? (
            <Name className={css["name"]} title={name} data-name="">
              <bdi>{name}</bdi>
            </Name>
          ) : (
            <Link className={css["name"] ?? ""} to={to} title={name} data-name="">
              <bdi>{name}</bdi>
            </Link>
          )}
          <span className={css["spring"]} />
          {id !== undefined && (
            <span className={css["wide"]}>
              <ClaimNumber id={id} />
            </span>
          )}
          <Status look={look} />
        </div>
        <p className={classes(css["now"], alert && css["wraps"])} role={alert ? "alert" : undefined} data-line="" title={typeof line === "string" ? line : undefined}>
          {line}
        </p>
        <div className={css["bars"]}>{bars}</div>
      </div>
      {actions !== undefined && <div className={css["actions"]}>{actions}</div>}
    </article>
  );
}

/** A job's ticket. */
export function Ticket({ job, to, actions, whole = false }: { job: Job; to?: string; actions?: ReactNode; whole?: boolean }) {
  const now = useNow(1_000 * (job.status === "IN_PROGRESS" || job.status === "PENDING" ? 1 : 30));
  const busy = job.status === "IN_PROGRESS" || job.status === "PENDING";
  return (
    <TicketFace
      name={job.filename}
      {...(to === undefined ? {} : { to })}
      look={jobLook(job.status)}
      line={whole && job.status === "FAILED" ? failed(job, now) : happening(job, now)}
      id={job.job_id}
      poster={job.thumbnail_url}
      bars={busy ? <Bar percent={job.progress ?? 0} label={`Processing ${job.filename}`} /> : undefined}
      actions={actions}
      whole={whole}
      data={{ "data-job": job.job_id, "data-status": job.status }}
    />
  );
}
