import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { Refused, type JobStatus } from "../../client";
import { count } from "../../client/words";
import { without, type JobList } from "../../live/list";
import { useCounts, useJobs, type JobsFilter } from "../../live/useJobs";
import { Icon } from "../../ui/Icon";
import { jobLook } from "../../ui/status";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Button, Confirm, Empty, uiCss } from "../../ui/ui";
import { NoVideos } from "../upload/NoVideos";
import { possible, toMany, type Action } from "./actions";
import { JobTable } from "./JobTable";
import css from "./Jobs.module.css";

interface Chip {
  name: string;
  word: string;
  status: readonly JobStatus[];
}

const CHIPS: readonly Chip[] = [
  { name: "", word: "All", status: [] },
  { name: "running", word: "Running", status: ["IN_PROGRESS"] },
  { name: "waiting", word: "Waiting", status: ["PENDING"] },
  { name: "uploading", word: "Uploading", status: ["UPLOADING"] },
  { name: "failed", word: "Failed", status: ["FAILED"] },
  { name: "ready", word: "Ready", status: ["COMPLETED"] },
  { name: "stopped", word: "Cancelled", status: ["CANCELLED", "EXPIRED"] },
];

/** Every job: filter, search, live rows, and one action for many. The filter is part of the address, so that it can be sent to somebody. */
export default function JobsPage() {
  const [params, setParams] = useSearchParams();
  const chip = CHIPS.find(({ name }) => name === (params.get("show") ?? "")) ?? CHIPS[0]!;
  const q = params.get("q") ?? "";
  const owner = params.get("owner"); // Another owner's, for admins.
  const filter = useMemo<JobsFilter>(() => ({ status: chip.status, q, ...(owner === null ? {} : { owner }) }), [chip, q, owner]);
  const list = useJobs(filter);
  const counts = useCounts(q, owner ?? undefined);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setPicked(new Set()), [filter]);
  const total = (one: Chip) => (one.status.length === 0 ? counts.data?.total : one.status.reduce((sum, status) => sum + (counts.data?.counts[status] ?? 0), 0));
  const navigate = useNavigate();
  const open = useCallback((id: string) => void navigate(`/jobs/${id}`), [navigate]);

  return (
    <div className={css["page"]}>
      <div className={css["head"]}>
        <h1>
          Jobs
          {owner !== null && (
            <>
              {" "}
              of <bdi>{owner}</bdi>
            </>
          )}
        </h1>
        <Search value={q} onChange={(text) => setParams((now) => changed(now, "q", text), { replace: true })} />
      </div>
      <div className={uiCss["chips"]} role="group" aria-label="Filter">
        {CHIPS.map((one) => (
          <button type="button" className={uiCss["chip"]} key={one.name} aria-pressed={one === chip} onClick={() => setParams((now) => changed(now, "show", one.name))}>
            {one.word} <b data-count="">{counts.data === undefined ? "–" : count(total(one) ?? 0)}</b>
          </button>
        ))}
      </div>
      <section className={`${css["list"]} ${uiCss["card"]}`} aria-label="Jobs">
        <Bulk picked={picked} list={list} onPick={setPicked} />
        {list.asked.error !== null && (
          <div className={css["trouble"]}>
            <Trouble query={list.asked} />
          </div>
        )}
        {list.loading ? (
          <Loading what="the jobs">
            <div className={css["scroller"]}>
              {Array.from({ length: 12 }, (_, n) => (
                <div key={n} style={{ padding: "18px 16px" }}>
                  <Skeleton height={36} />
                </div>
              ))}
            </div>
          </Loading>
        ) : list.asked.data === undefined ? null : list.jobs.length === 0 ? (
          <Nothing chip={chip} q={q} onClear={() => setParams({})} />
        ) : (
          <JobTable key={`${chip.name} ${q} ${owner ?? ""}`} name={`${chip.name} ${q} ${owner ?? ""}`} list={list} total={total(chip) ?? null} picked={picked} onPick={setPicked} onOpen={open} />
        )}
      </section>
    </div>
  );
}

function changed(params: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return next;
}

/** Asks when the typing pauses. */
function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = window.setTimeout(() => latest.current(text.trim()), 250);
    return () => window.clearTimeout(timer);
  }, [text, value]);
  return (
    <div className={css["search"]}>
      <Icon name="search" />
      <input type="search" className={uiCss["input"]} aria-label="Search by name or claim check" placeholder="Name or claim check" value={text} onChange={(event) => setText(event.target.value)} />
    </div>
  );
}

const WORDS: Record<Action, [string, string, string]> = { retry: ["Retry", "retried", "Retrying"], cancel: ["Cancel", "cancelled", "Cancelling"], delete: ["Delete", "deleted", "Deleting"] };

function Bulk({ picked, list, onPick }: { picked: ReadonlySet<string>; list: ReturnType<typeof useJobs>; onPick: (picked: ReadonlySet<string>) => void }) {
  const [asking, setAsking] = useState<Action | null>(null);
  /** How far the action on many is. */
  const [going, setGoing] = useState<{ action: Action; done: number; of: number } | null>(null);
  const { say, complain } = useNotices();
  const cache = useQueryClient();
  const jobs = useMemo(() => list.jobs.filter(({ job_id }) => picked.has(job_id)), [list.jobs, picked]);
  const able = (action: Action) => jobs.filter((job) => possible(action, job));

  const run = async (action: Action) => {
    const ids = able(action).map(({ job_id }) => job_id);
    setGoing({ action, done: 0, of: ids.length });
    try {
      const { done, refused } = await toMany(client, action, ids, (ended) => setGoing({ action, done: ended, of: ids.length }));
      if (action === "delete") {
        const gone = new Set(done);
        cache.setQueriesData<JobList>({ queryKey: ["jobs"] }, (known) => (known === undefined ? known : without(known, gone)));
      }
      if (done.length > 0) say(`${done.length === 1 ? "One job was" : `${count(done.length)} jobs were`} ${WORDS[action][1]}.`);
      for (const [why, times] of refused) complain(new Refused(409, "conflict", times === 1 ? why : `${times} jobs: ${why}`));
      list.refresh();
      void cache.invalidateQueries({ queryKey: ["counts"] });
      onPick(new Set());
    } finally {
      setGoing(null);
    }
  };

  return (
    <div className={`${css["bulk"]} ${picked.size > 0 ? css["bulkOn"] : ""}`} role="toolbar" aria-label="With the chosen jobs">
      <input
        type="checkbox"
        className={uiCss["check"]}
        aria-label="Choose all that are loaded"
        title="Choose all that are loaded"
        disabled={list.jobs.length === 0}
        checked={picked.size > 0 && picked.size >= list.jobs.length}
        onChange={(event) => onPick(new Set(event.target.checked ? list.jobs.map(({ job_id }) => job_id) : []))}
      />
      {picked.size === 0 ? (
        <>
          <span>{list.more || list.loading ? "" : `${count(list.jobs.length)} ${list.jobs.length === 1 ? "job" : "jobs"}`}</span>
          <span className={css["spring"]} />
          <span className={`${css["hint"]} ${css["keys"]}`}>
            <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>Space</kbd> choose, <kbd>Enter</kbd> open
          </span>
        </>
      ) : (
        <>
          <strong>{count(picked.size)} chosen</strong>
          {going === null ? (
            (["retry", "cancel", "delete"] as const).map((action) => (
              <Button key={action} small danger={action === "delete"} disabled={able(action).length === 0} onClick={() => (action === "retry" ? void run(action) : setAsking(action))}>
                {WORDS[action][0]} {able(action).length > 0 ? count(able(action).length) : ""}
              </Button>
            ))
          ) : (
            <span role="status" data-going={going.action}>
              {WORDS[going.action][2]} {going.of === 1 ? "" : `${count(Math.min(going.done + 1, going.of))} of ${count(going.of)} `}…
            </span>
          )}
          <span className={css["spring"]} />
          <Button kind="quiet" small disabled={going !== null} onClick={() => onPick(new Set())}>
            Choose none
          </Button>
        </>
      )}
      {asking !== null && (
        <Confirm
          open
          onClose={() => setAsking(null)}
          title={`${WORDS[asking][0]} ${count(able(asking).length)} ${able(asking).length === 1 ? "job" : "jobs"}?`}
          text={asking === "delete" ? "Their videos, pictures and logs go for good. This cannot be undone." : "What is running ends within seconds; what was made so far is dropped."}
          action={asking === "delete" ? "Delete for good" : "Cancel them"}
          busyWord={`${WORDS[asking][2]} …`}
          onConfirm={async () => void run(asking)} // The toolbar tells how far it is.
        />
      )}
    </div>
  );
}

function Nothing({ chip, q, onClear }: { chip: Chip; q: string; onClear: () => void }) {
  if (chip.name === "" && q === "") return (
      <NoVideos
        how={
          <>
            Drop one on the <Link to="/">upload page</Link>.
          </>
        }
      />
    );
  return (
    <Empty icon={q === "" ? jobLook(chip.status[0] ?? "").shape : "search"} title={q === "" ? `No job is ${chip.word.toLowerCase()}` : `Nothing is called “${q}”`}>
      <p>{q === "" ? "Jobs appear here by themselves as soon as there are some." : "The search looks at names, whole ids, and claim checks (the last eight letters of an id)."}</p>
      <Button onClick={onClear}>Show all jobs</Button>
    </Empty>
  );
}
