import { useQueryClient } from "@tanstack/react-query";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { useWork } from "../../app/work";
import type { Attempt, Output, TimelineStep, WholeJob } from "../../client";
import { absolute, count, precise, size, webAddress, whoWorked } from "../../client/words";
import { outcomeLook, stepLook } from "../../ui/status";
import { Button, Code, Status, uiCss } from "../../ui/ui";
import css from "./Timeline.module.css";

/** Everything known of one step: its attempts with what ffmpeg said last, what it needs, and what it made. */
export function StepPanel({ job, step, onClose }: { job: WholeJob; step: TimelineStep; onClose: () => void }) {
  return (
    <aside className={css["panel"]} aria-label={`Step ${step.name}`}>
      <div className={css["panelHead"]}>
        <div>
          <div className={css["panelName"]}>{step.name}</div>
          <Status look={stepLook(step.status)} />
        </div>
        <Button kind="quiet" icon="cross" aria-label="Close the step" onClick={onClose} />
      </div>
      {step.status === "FAILED" && <RetryStep job={job} step={step} />}
      <dl className={uiCss["facts"]}>
        <dt>Queue</dt>
        <dd>{step.queue}</dd>
        <dt>Needed</dt>
        <dd>{step.required ? "yes: the job fails without it" : "no: without it the job completes with a warning"}</dd>
        {step.depends_on.length > 0 && (
          <>
            <dt>After</dt>
            <dd>{step.depends_on.length > 6 ? `${step.depends_on.slice(0, 5).join(", ")} and ${step.depends_on.length - 5} more` : step.depends_on.join(", ")}</dd>
          </>
        )}
      </dl>
      {step.attempts.length === 0 && <p className={uiCss["muted"]}>It has not run yet.</p>}
      {step.attempts.toReversed().map((attempt) => (
        <AttemptCard key={`${attempt.attempt} ${attempt.started_at}`} attempt={attempt} />
      ))}
      {step.outputs.length > 0 && (
        <div>
          <h3>Made by it</h3>
          <ul className={css["outputs"]}>
            {step.outputs.map((output) => (
              <OutputLine key={output.path} output={output} />
            ))}
          </ul>
          {step.output_count > step.outputs.length && (
            <p className={uiCss["muted"]}>
              and {count(step.output_count - step.outputs.length)} more, {size(step.output_bytes)} in all
            </p>
          )}
        </div>
      )}
    </aside>
  );
}

function RetryStep({ job, step }: { job: WholeJob; step: TimelineStep }) {
  const { busy, run } = useWork();
  const { say } = useNotices();
  const cache = useQueryClient();
  const retry = () =>
    run("retry", async () => {
      await client.retryStep(job.job_id, step.name);
      say(`The step ${step.name} is done again.`);
      await Promise.all([cache.invalidateQueries({ queryKey: ["job", job.job_id] }), cache.invalidateQueries({ queryKey: ["timeline", job.job_id] })]);
    });
  return (
    // Where the file is at fault another try will hardly help; it is offered, but not urged.
    <Button kind={job.status === "FAILED" && job.retry_allowed !== true ? "plain" : "primary"} icon="again" busy={busy !== null} busyWord="Retrying …" onClick={() => void retry()}>
      Retry this step
    </Button>
  );
}

function AttemptCard({ attempt }: { attempt: Attempt }) {
  const seconds = attempt.finished_at === null ? null : (Date.parse(attempt.finished_at) - Date.parse(attempt.started_at)) / 1000;
  return (
    <section className={css["attempt"]} aria-label={`Attempt ${attempt.attempt}`}>
      <div className={css["attemptHead"]}>
        <strong>Attempt {attempt.attempt}</strong>
        <Status look={outcomeLook(attempt.outcome)} />
      </div>
      <dl className={uiCss["facts"]}>
        <dt>Started</dt>
        <dd>
          {absolute(attempt.started_at)}
          {seconds !== null && `, took ${precise(seconds)}`}
        </dd>
        {attempt.worker !== "" && (
          <>
            <dt>Worker</dt>
            <dd title={attempt.worker}>{whoWorked(attempt.worker, attempt.host)}</dd>
          </>
        )}
        {attempt.message !== null && attempt.message !== "" && (
          <>
            <dt>Last word</dt>
            <dd>
              {attempt.message}
              {attempt.outcome === null ? ` (${Math.round(attempt.progress)} %)` : ""}
            </dd>
          </>
        )}
      </dl>
      {attempt.error !== null && (
        <div className={css["error"]}>
          <strong>{attempt.error.message}</strong>
          {attempt.error.detail && <div className={css["detail"]}>{attempt.error.detail}</div>}
        </div>
      )}
      {attempt.log !== null && attempt.log !== "" && <Code wrap text={attempt.log} label={`The end of the log of attempt ${attempt.attempt}`} />}
    </section>
  );
}

export function OutputLine({ output }: { output: Output }) {
  const url = webAddress(output.url);
  return (
    <li>
      {url === null ? <span>{output.path}</span> : <a href={url} title={output.path}>{output.path}</a>}
      <span className={uiCss["muted"]}>{size(output.size)}</span>
    </li>
  );
}
