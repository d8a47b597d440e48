import { useCallback, useEffect, useState } from "react";
import { api, Refused, type Job } from "./api";
import { Player } from "./Player";
import { rows, type Row } from "./steps";
import { Status, Ticket } from "./Ticket";
import { hasEnded, useJob } from "./useJob";
import { duration, precise, size } from "./words";

export function JobPage({ id, onRefused }: { id: string; onRefused: (refused: Refused) => void }) {
  const { job, refresh } = useJob(id, onRefused);
  const [whole, setWhole] = useState<Job | null>(null);
  const state = job?.status;
  const act = useCallback(
    async (action: () => Promise<void>) => {
      try {
        await action();
        refresh();
      } catch (failure) {
        if (failure instanceof Refused) onRefused(failure);
        else throw failure;
      }
    },
    [onRefused, refresh],
  );
  useEffect(() => {
    let gone = false;
    api.job(id).then(
      (value) => {
        if (!gone) setWhole(value);
      },
      (failure: unknown) => {
        if (failure instanceof Refused && !gone && failure.status !== 0) onRefused(failure);
      },
    );
    return () => {
      gone = true;
    };
  }, [id, state, onRefused]);
  if (job === null) return <section className="ticket skeleton" aria-busy="true" aria-label="Loading the job" />;
  const steps = job.steps ?? whole?.steps ?? [];
  return (
    <section className="job" aria-label={`Job ${job.filename}`}>
      <p className="back">
        <a href="#/">← All videos</a>
      </p>
      <Ticket
        job={job}
        actions={
          <>
            {job.download_url && (
              <a className="button" href={`${job.download_url}?download=1`}>
                Download
              </a>
            )}
            {job.status === "FAILED" && job.retry_allowed === true && (
              <button type="button" onClick={() => void act(() => api.act(id, "retry"))}>
                Retry
              </button>
            )}
            {!hasEnded(job) && (
              <button type="button" onClick={() => void act(() => api.act(id, "cancel"))}>
                Cancel
              </button>
            )}
            {hasEnded(job) && (
              <button
                type="button"
                className="quiet"
                onClick={() =>
                  void act(async () => {
                    await api.remove(id);
                    window.location.hash = "#/";
                  })
                }
              >
                Delete
              </button>
            )}
          </>
        }
      />
      {job.error && (
        <div className="failure" role="alert">
          <strong>{job.error.message}</strong>
          {job.error.detail && <code>{job.error.detail}</code>}
        </div>
      )}
      {(job.warnings ?? []).map((warning) => (
        <p className="warning" key={warning.message}>
          {warning.message}
        </p>
      ))}
      <div className="columns">
        {job.video_url && <Player src={job.video_url} poster={job.thumbnail_url} />}
        <div className="side">
          <h2>Steps</h2>
          <ol className="steps">
            {rows(steps).map((step) => (
              <StepRow key={step.name} step={step} />
            ))}
          </ol>
          {job.metadata && <Facts metadata={job.metadata} />}
        </div>
      </div>
    </section>
  );
}

function StepRow({ step }: { step: Row }) {
  const took = step.seconds !== null ? precise(step.seconds) : "";
  return (
    <li>
      <span className="step-name">{step.name}</span>
      <span className="muted">
        {took}
        {step.attempt > 1 ? ` · attempt ${step.attempt}` : ""}
        {step.status === "RUNNING" ? `${Math.round(step.progress)} %` : ""}
      </span>
      <Status of={`STEP_${step.status}`} />
      {step.error && <span className="step-error">{step.error.message}</span>}
    </li>
  );
}

function Facts({ metadata }: { metadata: NonNullable<Job["metadata"]> }) {
  const rows: [string, string][] = [];
  const text = (name: string) => String(metadata[name] ?? "");
  if (metadata["duration"]) rows.push(["Length", duration(Number(metadata["duration"]))]);
  if (metadata["width"]) rows.push(["Picture", `${text("width")} × ${text("height")}, ${text("frame_rate")} fps, ${text("video_codec")}`]);
  if (metadata["audio_codec"]) rows.push(["Sound", `${text("audio_codec")}, ${text("audio_layout") || `${text("audio_channels")} channels`}`]);
  if (metadata["size"]) rows.push(["Uploaded", size(Number(metadata["size"]))]);
  return (
    <>
      <h2>Facts</h2>
      <dl className="facts-list">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
