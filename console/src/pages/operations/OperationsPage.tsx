import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { client } from "../../app/session";
import { Refused, type History, type Overview, type QueueState } from "../../client";
import { count, duration, size } from "../../client/words";
import { Chart, Sparkline } from "../../ui/Chart";
import type { Look } from "../../ui/status";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Empty, Status, uiCss } from "../../ui/ui";
import { DeadLetters } from "./DeadLetters";
import { ofQueue, together } from "./history";
import css from "./Operations.module.css";
import { Workers } from "./Workers";

const RANGES: [number, string][] = [
  [15, "15 min"],
  [60, "1 hour"],
  [360, "6 hours"],
  [1440, "24 hours"],
];

/** Whether the system is healthy: numbers, queues over time, who does what, and what was given up. */
export default function OperationsPage() {
  const [minutes, setMinutes] = useState(60);
  const overview = useQuery({ queryKey: ["overview"], queryFn: ({ signal }) => client.overview(signal), refetchInterval: 2_000 });
  const history = useQuery({ queryKey: ["history", minutes], queryFn: ({ signal }) => client.history(minutes, signal), refetchInterval: 10_000, placeholderData: keepPreviousData });
  if (overview.error instanceof Refused && overview.error.status === 403) {
    return (
      <Empty icon="key" title="This page is for admins">
        <p>It shows the work of every owner. Sign in with the admin key to see it.</p>
      </Empty>
    );
  }
  return (
    <div className={css["page"]}>
      <div className={css["head"]}>
        <h1>Operations</h1>
        <div className={uiCss["chips"]} role="group" aria-label="How far back the charts go">
          {RANGES.map(([value, word]) => (
            <button key={value} type="button" className={uiCss["chip"]} aria-pressed={value === minutes} onClick={() => setMinutes(value)}>
              {word}
            </button>
          ))}
        </div>
      </div>
      <Trouble query={overview} />
      {overview.data === undefined ? (
        overview.isPending && <Waiting />
      ) : (
        <>
          <Numbers overview={overview.data} history={history.data} />
          <div className={css["two"]}>
            <Level overview={overview.data} />
            <Storage overview={overview.data} />
          </div>
          <h2>Queues</h2>
          <Trouble query={history} />
          <div className={css["queues"]}>
            {overview.data.queues.map((queue) => (
              <Queue key={queue.queue} queue={queue} history={history.data} />
            ))}
          </div>
          <Workers overview={overview.data} />
          <DeadLetters />
        </>
      )}
    </div>
  );
}

function Waiting() {
  return (
    <Loading what="how the system is">
      <div className={css["page"]}>
        <div className={css["numbers"]}>
          {[0, 1, 2, 3].map((n) => (
            <Skeleton key={n} height={132} />
          ))}
        </div>
        <Skeleton height={120} />
        <Skeleton height={220} />
        <Skeleton height={220} />
      </div>
    </Loading>
  );
}

function Numbers({ overview, history }: { overview: Overview; history: History | undefined }) {
  const lines = useMemo(
    () =>
      history === undefined
        ? null
        : {
            waiting: together(history, ({ waiting }) => waiting, "sum"),
            running: together(history, ({ running }) => running, "sum"),
            oldest: together(history, ({ oldest_wait_seconds }) => oldest_wait_seconds, "most"),
            finished: together(history, ({ finished }) => finished, "sum"),
          },
    [history],
  );
  const capacity = overview.queues.reduce((sum, queue) => sum + queue.capacity, 0);
  return (
    <div className={css["numbers"]}>
      <Tile label="Waiting" value={count(overview.waiting)} under={overview.waiting === 0 ? "nothing waits" : "steps that could run now"} line={lines?.waiting} color="--waiting" />
      <Tile label="Running" value={count(overview.running)} under={`of ${count(capacity)} places`} line={lines?.running} color="--running" />
      <Tile label="Oldest wait" value={duration(overview.oldest_wait_seconds)} under="since it became ready" line={lines?.oldest} color="--retrying" />
      <Tile label="Done in the last hour" value={count(overview.done_last_hour)} under={overview.failed_last_hour === 0 ? "none failed" : `${count(overview.failed_last_hour)} failed`} line={lines?.finished} color="--done" />
    </div>
  );
}

function Tile({ label, value, under, line, color }: { label: string; value: string; under: string; line: number[] | undefined; color: string }) {
  return (
    <section className={`${css["number"]} ${uiCss["card"]}`} aria-label={label} data-number={label}>
      <span>{label}</span>
      <strong>{value}</strong>
      <small>{under}</small>
      <div className={css["spark"]}>
        <Sparkline values={line ?? []} color={color} />
      </div>
    </section>
  );
}

const LEVELS: Record<Overview["degradation"]["level"], Look & { text: ReactNode }> = {
  normal: { word: "Everything works", tone: "done", shape: "tick", text: "Uploads, work and answers are as they should be." },
  degraded: { word: "Slower than it should be", tone: "retrying", shape: "warn", text: "Nothing is lost; some things wait." },
  critical: { word: "In trouble", tone: "failed", shape: "cross", text: "Something needs a person." },
};

function Level({ overview: { degradation } }: { overview: Overview }) {
  const level = LEVELS[degradation.level];
  return (
    <section className={`${css["level"]} ${uiCss["card"]}`} aria-label="Health" data-level={degradation.level}>
      <Status look={level} />
      {degradation.reasons.length === 0 ? (
        <p className={css["small"]}>{level.text}</p>
      ) : (
        <ul>
          {degradation.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Storage({ overview: { storage } }: { overview: Overview }) {
  const { free_bytes: free, stored_bytes: stored, promised_bytes: promised } = storage;
  const whole = (free ?? 0) + stored;
  const part = (bytes: number) => `${whole > 0 ? (100 * bytes) / whole : 0}%`;
  return (
    <section className={`${css["storage"]} ${uiCss["card"]}`} aria-label="Storage">
      <div className={css["keys"]}>
        <h2>Storage</h2>
        <span>
          {storage.kind === "s3" ? "an S3 bucket" : "files on this machine"}, {count(storage.objects)} objects of {count(storage.jobs)} jobs
        </span>
      </div>
      {free !== null && (
        <div className={css["usage"]} role="img" aria-label={`${size(stored)} stored, ${size(promised)} promised to uploads under way, ${size(free)} free`}>
          <i style={{ width: part(stored), background: "var(--accent)" }} />
          <i style={{ width: part(Math.min(promised, free)), background: "var(--retrying)" }} />
        </div>
      )}
      <div className={css["keys"]}>
        <span>
          <i style={{ background: "var(--accent)" }} />
          <b>{size(stored)}</b> stored
        </span>
        <span>
          <i style={{ background: "var(--retrying)" }} />
          <b>{size(promised)}</b> promised to uploads
        </span>
        {free !== null && (
          <span>
            <i style={{ background: "var(--line)" }} />
            <b>{size(free)}</b> free
          </span>
        )}
      </div>
    </section>
  );
}

const rate = (value: number) => (value >= 10 || value === 0 ? value.toFixed(0) : value.toFixed(1));
const whole = (value: number) => (Number.isInteger(value) ? count(value) : value.toFixed(1));

function Queue({ queue, history }: { queue: QueueState; history: History | undefined }) {
  const drawn = useMemo(() => (history === undefined ? null : ofQueue(history, queue.queue)), [history, queue.queue]);
  const series = useMemo(
    () =>
      drawn === null
        ? null
        : {
            depth: [
              { name: "waiting", color: "--waiting", values: drawn.waiting, filled: true },
              { name: "running", color: "--running", values: drawn.running },
            ],
            lag: [{ name: "oldest", color: "--retrying", values: drawn.lag.map((value) => value ?? 0), filled: true }],
            rate: [
              { name: "finished", color: "--done", values: drawn.finished, filled: true },
              { name: "failed", color: "--failed", values: drawn.failed },
            ],
          },
    [drawn],
  );
  return (
    <section className={`${css["queue"]} ${uiCss["card"]}`} aria-label={`Queue ${queue.queue}`} data-queue={queue.queue}>
      <div className={css["queueHead"]}>
        <h3>{queue.queue}</h3>
        <span>
          <b>{count(queue.waiting)}</b> waiting
        </span>
        {queue.delayed > 0 && (
          <span>
            <b>{count(queue.delayed)}</b> to be tried again later
          </span>
        )}
        <span>
          <b>{count(queue.running)}</b> of {count(queue.capacity)} running
        </span>
        <span>
          oldest wait <b>{duration(queue.oldest_wait_seconds)}</b>
        </span>
        <span>
          <b>{rate(queue.finished_per_minute)}</b>/min done
        </span>
        <span>
          lag <b>{duration(queue.lag_seconds)}</b>
        </span>
      </div>
      <div className={css["charts"]}>
        {series === null || drawn === null ? (
          [0, 1, 2].map((n) => <Skeleton key={n} height={143} />)
        ) : (
          <>
            <Chart label="Depth" times={drawn.times} series={series.depth} format={whole} />
            <Chart label="Oldest wait" times={drawn.times} series={series.lag} format={duration} />
            <Chart label="Rate per minute" times={drawn.times} series={series.rate} format={rate} />
          </>
        )}
      </div>
    </section>
  );
}
