import { createColumnHelper, rowSelectionFeature, tableFeatures, useTable, type Row } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link } from "react-router";
import { useMe } from "../../app/me";
import type { Job } from "../../client";
import type { Jobs } from "../../live/useJobs";
import { Icon } from "../../ui/Icon";
import { jobLook } from "../../ui/status";
import { happening } from "../../ui/Ticket";
import { Skeleton } from "../../ui/loading";
import { Ago, Bar, ClaimNumber, classes, Status, uiCss, useNow } from "../../ui/ui";
import css from "./Jobs.module.css";

const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, Job>();
const columns = helper.columns([
  helper.accessor("filename", { header: "Name" }),
  helper.accessor("status", { header: "Status" }),
  helper.accessor("created_at", { header: "Uploaded" }),
]);
type JobRow = Row<typeof features, Job>;

const ROOMY = 72;
const NARROW = 92;

function rowHeight(): number {
  return window.matchMedia("(max-width: 900px)").matches ? NARROW : ROOMY;
}

/** Where each list was left: who comes back from a job goes on there. */
const left = new Map<string, number>();

interface Props {
  /** Tells the lists apart. */
  name: string;
  list: Jobs;
  /** How many there are in all, where that is known. */
  total: number | null;
  picked: ReadonlySet<string>;
  onPick: (picked: ReadonlySet<string>) => void;
  onOpen: (id: string) => void;
}

/** Only the rows on the screen exist; the arrow keys move through all. One row is "active" for the keyboard, as in a list box. */
export function JobTable({ name, list, total, picked, onPick, onOpen }: Props) {
  const { jobs, more, fetchMore, look } = list;
  const selection = useMemo(() => Object.fromEntries([...picked].map((id) => [id, true as const])), [picked]);
  const table = useTable({
    features,
    columns,
    data: jobs,
    getRowId: (job) => job.job_id,
    state: { rowSelection: selection },
    onRowSelectionChange: (change) => {
      const next = typeof change === "function" ? change(selection) : change;
      onPick(new Set(Object.keys(next).filter((id) => next[id] === true)));
    },
  });
  const rows = table.getRowModel().rows;
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(rowHeight);
  useEffect(() => {
    const narrow = window.matchMedia("(max-width: 900px)");
    const listen = () => setHeight(rowHeight());
    narrow.addEventListener("change", listen);
    return () => narrow.removeEventListener("change", listen);
  }, []);
  // A screen of places for what is on its way, so that the bar at the side does not jump.
  const count = rows.length + (more ? Math.min(20, Math.max(1, (total ?? Infinity) - rows.length)) : 0);
  const virtual = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 8, initialOffset: left.get(name) ?? 0, getItemKey: (index) => rows[index]?.id ?? index });
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  const shown = virtual.getVirtualItems();
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    look(rows.slice(first, last + 1).map(({ id }) => id));
    if (last >= rows.length - 30) fetchMore();
  }, [look, fetchMore, rows, first, last]);

  const [active, setActive] = useState<string | null>(null);
  const activeIndex = active === null ? -1 : rows.findIndex(({ id }) => id === active);
  const move = useCallback(
    (index: number) => {
      const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (row === undefined) return;
      setActive(row.id);
      virtual.scrollToIndex(row.index, { align: "auto" });
    },
    [rows, virtual],
  );
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 1);
    const steps: Record<string, () => void> = {
      ArrowDown: () => move(activeIndex + 1),
      ArrowUp: () => move(activeIndex < 0 ? 0 : activeIndex - 1),
      PageDown: () => move(activeIndex + page),
      PageUp: () => move(activeIndex - page),
      Home: () => move(0),
      End: () => move(rows.length - 1),
      Enter: () => active !== null && onOpen(active),
      " ": () => active !== null && rows[activeIndex]?.toggleSelected(),
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    step();
  };
  const toggle = useCallback((row: JobRow, event: React.MouseEvent) => row.getToggleSelectedHandler()(event), []);

  return (
    <div
      ref={scroller}
      className={css["scroller"]}
      role="grid"
      aria-label="Jobs; arrow keys move, Enter opens, Space chooses"
      aria-rowcount={total ?? -1}
      aria-multiselectable
      aria-activedescendant={activeIndex >= 0 ? `row-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      onScroll={(event) => left.set(name, event.currentTarget.scrollTop)}
      data-rows={rows.length}
    >
      <div className={css["inner"]} role="presentation" style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return row === undefined ? (
            <div key={item.key} className={css["row"]} style={{ transform: `translateY(${item.start}px)` }} role="presentation" aria-hidden="true">
              <span />
              <Skeleton height={36} />
              <Skeleton height={36} />
            </div>
          ) : (
            <JobLine key={item.key} row={row} job={row.original} index={item.index} picked={picked.has(row.id)} start={item.start} active={row.id === active} onOpen={onOpen} onToggle={toggle} />
          );
        })}
      </div>
    </div>
  );
}

interface LineProps {
  row: JobRow;
  job: Job;
  index: number;
  start: number;
  picked: boolean;
  active: boolean;
  onOpen: (id: string) => void;
  onToggle: (row: JobRow, event: React.MouseEvent) => void;
}

/** Drawn again only when its job, its place or its choice changed. */
const JobLine = memo(
  function JobLine({ row, job, index, start, picked, active, onOpen, onToggle }: LineProps) {
    const busy = job.status === "IN_PROGRESS";
    const now = useNow(busy || job.status === "PENDING" ? 1_000 : 60_000);
    const { owner } = useMe();
    const line = happening(job, now);
    return (
      <div
        id={`row-${job.job_id}`}
        className={classes(css["row"], active && css["active"])}
        style={{ transform: `translateY(${start}px)` }}
        role="row"
        aria-rowindex={index + 1}
        aria-selected={picked}
        data-job={job.job_id}
        data-status={job.status}
        onClick={(event) => {
          if (!(event.target as Element).closest("a, button, input")) onOpen(job.job_id);
        }}
      >
        <span role="gridcell" className={css["pick"]}>
          <input type="checkbox" className={uiCss["check"]} tabIndex={-1} checked={picked} aria-label={`Choose ${job.filename}`} onClick={(event) => onToggle(row, event)} onChange={() => undefined} />
        </span>
        <span role="gridcell" className={css["thumb"]}>
          {job.thumbnail_url === undefined ? <Icon name="film" /> : <img src={job.thumbnail_url} alt="" loading="lazy" decoding="async" />}
        </span>
        <span role="gridcell" className={css["nameCell"]}>
          <Link className={css["name"] ?? ""} to={`/jobs/${job.job_id}`} title={job.filename} tabIndex={-1} data-name="">
            <bdi>{job.filename}</bdi>
          </Link>
          <span className={css["under"]}>
            <ClaimNumber id={job.job_id} tabIndex={-1} />
            {job.owner !== undefined && job.owner !== owner && <bdi>{job.owner}</bdi>}
          </span>
        </span>
        <span role="gridcell" className={css["now"]}>
          <span className={classes(css["line"], busy && css["lineOne"], job.status === "FAILED" && css["error"])} title={line}>
            {line}
          </span>
          {busy && (
            <span className={css["bar"]}>
              <Bar percent={job.progress ?? 0} label={`Processing ${job.filename}`} />
            </span>
          )}
        </span>
        <span role="gridcell" className={css["stateCell"]}>
          <Status look={jobLook(job.status)} pill />
        </span>
        <span role="gridcell" className={css["when"]}>
          <Ago at={job.created_at} />
        </span>
      </div>
    );
  },
  (before, after) =>
    before.job === after.job && before.start === after.start && before.picked === after.picked && before.active === after.active && before.index === after.index && before.onOpen === after.onOpen,
);
