import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { hasEnded, type Timeline, type WholeJob } from "../../client";
import { duration, precise, whoWorked } from "../../client/words";
import { Icon } from "../../ui/Icon";
import { outcomeLook, stepLook } from "../../ui/status";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { classes, Status, Tip, uiCss } from "../../ui/ui";
import { StepPanel } from "./StepPanel";
import { chart, grouped, type Block, type Chart, type Group, type Lane } from "./timeline";
import css from "./Timeline.module.css";

const LEGEND = ["running", "succeeded", "retrying", "failed"] as const;

/** What ran when, and where: one line per step on a time axis, its attempts under each other; what is chosen is told beside it. */
export function TimelineSection({ job, query }: { job: WholeJob; query: UseQueryResult<Timeline> }) {
  const timeline = query.data;
  const [chosen, setChosen] = useState<string | null>(null);
  const failed = timeline?.steps.find(({ status }) => status === "FAILED")?.name ?? null;
  const selected = chosen ?? (job.status === "FAILED" ? failed : null);
  const step = timeline?.steps.find(({ name }) => name === selected);
  const running = !hasEnded(job);
  const choose = (name: string) => setChosen(name === selected ? "" : name);
  const drawn = useChart(timeline, running);
  return (
    <section className={uiCss["card"]} aria-label="Timeline">
      <div className={css["head"]}>
        <h2>Timeline</h2>
        <div className={css["legend"]} aria-hidden="true">
          {LEGEND.map((outcome) => (
            <Status key={outcome} look={outcomeLook(outcome)} />
          ))}
        </div>
      </div>
      <Trouble query={query} />
      {drawn === null ? query.isPending && (
        <Loading what="the timeline">
          <div className={css["skeletons"]}>
            {[0, 1, 2, 3, 4].map((n) => (
              <Skeleton key={n} height={20} />
            ))}
          </div>
        </Loading>
      ) : drawn.lanes.length === 0 ? (
        <p className={css["skeletons"]}>Nothing runs yet. The steps are planned when the file has arrived and was looked at.</p>
      ) : (
        <div className={classes(css["body"], step !== undefined && css["withPanel"])}>
          <div className={css["lanes"]}>
            <Axis chart={drawn} />
            {grouped(drawn.lanes).map((one) =>
              "kind" in one ? (
                <GroupRows key={one.kind} group={one} chart={drawn} selected={selected} onChoose={choose} />
              ) : (
                <LaneRow key={one.step.name} lane={one} chart={drawn} chosen={one.step.name === selected} onChoose={choose} />
              ),
            )}
          </div>
          {step !== undefined && <StepPanel job={job} step={step} onClose={() => setChosen("")} />}
        </div>
      )}
    </section>
  );
}

/** The chart, growing with the clock while something runs. */
function useChart(timeline: Timeline | undefined, running: boolean): Chart | null {
  const skew = useRef(0);
  const [tick, setTick] = useState(0);
  useEffect(() => {
    if (timeline !== undefined) skew.current = Date.parse(timeline.now) - Date.now();
  }, [timeline]);
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(() => setTick((value) => value + 1), 500);
    return () => window.clearInterval(timer);
  }, [running]);
  return useMemo(() => (timeline === undefined ? null : chart(timeline, skew.current, Date.now())), [timeline, tick]);
}

function place(chart: Chart, at: number): number {
  return (100 * (at - chart.from)) / (chart.to - chart.from);
}

function Axis({ chart: drawn }: { chart: Chart }) {
  return (
    <div className={css["axis"]} aria-hidden="true">
      <span />
      <div className={css["scale"]}>
        {drawn.ticks.map(({ at, seconds }) => (
          <span key={seconds} className={css["tick"]} style={{ left: `${place(drawn, at)}%` }}>
            {duration(seconds)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

/** Many steps of a kind: told together, and one by one when that is asked for or one of them is chosen or failed. */
function GroupRows({ group, chart: drawn, selected, onChoose }: { group: Group; chart: Chart; selected: string | null; onChoose: (name: string) => void }) {
  const [open, setOpen] = useState(false);
  const look = stepLook(group.status);
  const apart = open ? group.lanes : group.lanes.filter(({ step }) => step.status === "FAILED" || step.name === selected);
  return (
    <>
      <button type="button" className={css["lane"]} aria-expanded={open} onClick={() => setOpen(!open)} data-group={group.kind}>
        <span className={css["name"]}>
          <Icon name="chevron" size={12} />
          <span>
            {group.kind} {group.done}/{group.lanes.length}
          </span>
          <span className={uiCss["hidden"]}>done, {look.word.toLowerCase()}</span>
        </span>
        <span className={css["track"]}>
          <span className={css["rows"]}>
            {group.rows.map((row, index) => (
              <span className={classes(css["row"], css["thin"])} key={index}>
                {row.map((block) => (
                  <Bar key={`${block.from} ${block.attempt.attempt} ${block.attempt.worker}`} block={block} chart={drawn} />
                ))}
              </span>
            ))}
          </span>
        </span>
        <span className={css["took"]}>
          <span className={`${uiCss["status"]} ${uiCss[`tone-${look.tone}`]}`}>
            <Icon name={look.shape} size={14} />
          </span>
        </span>
      </button>
      {apart.map((lane) => (
        <LaneRow key={lane.step.name} lane={lane} chart={drawn} chosen={lane.step.name === selected} onChoose={onChoose} />
      ))}
    </>
  );
}

function LaneRow({ lane, chart: drawn, chosen, onChoose }: { lane: Lane; chart: Chart; chosen: boolean; onChoose: (name: string) => void }) {
  const { step, blocks, waits } = lane;
  const look = stepLook(step.status);
  const last = blocks.at(-1);
  const took = last === undefined ? "" : precise((last.to - last.from) / 1000);
  const waitBar = waits !== null && waits.to - waits.from > 200 && (
    <span className={css["wait"]} style={{ left: `${place(drawn, waits.from)}%`, width: `${place(drawn, waits.to) - place(drawn, waits.from)}%` }} />
  );
  return (
    <button type="button" className={css["lane"]} aria-pressed={chosen} onClick={() => onChoose(step.name)} data-step={step.name} data-status={step.status}>
      <span className={css["name"]} title={step.name}>
        <span>{step.name}</span>
        {!step.required && <em className={css["optional"]}>optional</em>}
      </span>
      <span className={css["track"]}>
        <span className={css["rows"]}>
          {blocks.length === 0 && <span className={css["row"]}>{waitBar}</span>}
          {blocks.map((block, index) => (
            <span className={css["row"]} key={`${block.attempt.attempt} ${block.attempt.started_at}`}>
              {index === 0 && waitBar}
              <Bar block={block} chart={drawn} />
            </span>
          ))}
        </span>
      </span>
      <span className={css["took"]}>
        {took !== "" && <span>{took}</span>}
        <span className={uiCss["hidden"]}>
          {look.word}
          {blocks.length > 1 ? `, ${blocks.length} attempts` : ""}
        </span>
        <span className={`${uiCss["status"]} ${uiCss[`tone-${look.tone}`]}`}>
          <Icon name={look.shape} size={14} />
        </span>
      </span>
    </button>
  );
}

function Bar({ block, chart: drawn }: { block: Block; chart: Chart }) {
  const { attempt, from, to, outcome } = block;
  const left = place(drawn, from);
  return (
    <Tip
      text={
        <>
          Attempt {attempt.attempt}: {outcomeLook(outcome).word.toLowerCase()}, {precise((to - from) / 1000)}
          {attempt.worker !== "" && (
            <>
              <br />
              by {whoWorked(attempt.worker, attempt.host)}
            </>
          )}
          {attempt.message !== null && (
            <>
              <br />
              {attempt.message}
            </>
          )}
        </>
      }
    >
      <span className={classes(css["block"], css[`o-${outcome}`])} style={{ left: `${Math.max(0, left)}%`, width: `${Math.max(0, place(drawn, to) - left)}%` }} data-outcome={outcome}>
        {outcome === "running" && <i style={{ width: `${attempt.progress}%` }} />}
      </span>
    </Tip>
  );
}
