import { useRef } from "react";
import { Link } from "react-router";
import type { Doing, Overview, WorkerState } from "../../client";
import { duration, workerName } from "../../client/words";
import type { Look } from "../../ui/status";
import { Ago, Bar, Empty, Status, uiCss, useNow } from "../../ui/ui";
import css from "./Operations.module.css";

export function Workers({ overview }: { overview: Overview }) {
  const { workers } = overview;
  const busy = workers.reduce((sum, worker) => sum + worker.doing.length, 0);
  return (
    <>
      <h2>
        Workers <span className={css["small"]}>{workers.length === 0 ? "" : `${workers.length}, doing ${busy} ${busy === 1 ? "thing" : "things"}`}</span>
      </h2>
      {workers.length === 0 ? (
        <div className={uiCss["card"]}>
          <Empty icon="server" title="No worker is there">
            <p>Uploads are taken and wait. Start one with</p>
            <code>./claimcheck serve --roles worker</code>
          </Empty>
        </div>
      ) : (
        <div className={css["workers"]}>
          {workers.map((worker) => (
            <WorkerCard key={worker.worker} worker={worker} at={overview.at} />
          ))}
        </div>
      )}
    </>
  );
}

function look({ state, doing }: WorkerState): Look {
  if (state === "silent") return { word: "Silent", tone: "failed", shape: "warn" };
  if (state === "leaving") return { word: "Leaving", tone: "retrying", shape: "pause" };
  return doing.length > 0 ? { word: "Working", tone: "running", shape: "half" } : { word: "Idle", tone: "waiting", shape: "ring" };
}

function WorkerCard({ worker, at }: { worker: WorkerState; at: string }) {
  const silent = worker.state === "silent";
  const most = useRef(0); // Places that were seen in use stay: what is below does not move each time that something ends.
  most.current = Math.max(most.current, worker.doing.length);
  return (
    <section className={`${css["worker"]} ${uiCss["card"]}`} aria-label={`Worker ${worker.worker}`} data-worker={worker.worker}>
      <div className={css["workerHead"]}>
        <span className={css["workerName"]} title={worker.worker}>
          {workerName(worker.worker)}
        </span>
        <Status look={look(worker)} />
      </div>
      <p className={css["small"]}>
        {worker.host !== worker.worker && `${worker.host} · `}
        {Object.entries(worker.queues)
          .map(([queue, places]) => `${queue} × ${places}`)
          .join(", ")}
        {" · up since "}
        <Ago at={worker.started_at} />
        {silent && (
          <>
            {" · last heard "}
            <Ago at={worker.seen_at} />
          </>
        )}
      </p>
      {worker.doing.map((doing) => (
        <DoingLine key={`${doing.job_id} ${doing.step} ${doing.attempt}`} doing={doing} at={at} />
      ))}
      {Array.from({ length: most.current - worker.doing.length }, (_, n) => (
        <div key={n} className={`${css["doing"]} ${css["free"]}`}>
          Free
        </div>
      ))}
    </section>
  );
}

function DoingLine({ doing, at }: { doing: Doing; at: string }) {
  useNow(1_000);
  const seconds = (Date.parse(at) - Date.parse(doing.started_at)) / 1000;
  return (
    <div className={css["doing"]}>
      <div className={css["doingHead"]}>
        <Link to={`/jobs/${doing.job_id}`} title={doing.filename}>
          <bdi>{doing.filename}</bdi>
        </Link>
        <code>{doing.step}</code>
      </div>
      <Bar percent={doing.progress} label={`${doing.step} of ${doing.filename}`} />
      <div className={css["line"]} title={doing.message ?? undefined}>
        {doing.message !== null && `${doing.message} · `}
        {Math.round(doing.progress)} % in {duration(seconds)}
        {doing.attempt > 1 && ` · attempt ${doing.attempt}`} · <bdi>{doing.owner}</bdi>
      </div>
    </div>
  );
}
