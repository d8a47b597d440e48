import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { later } from "../../app/later";
import { client } from "../../app/session";
import { useWork } from "../../app/work";
import { hasEnded, Refused, type Timeline, type WholeJob } from "../../client";
import { without, type JobList } from "../../live/list";
import type { Batch } from "../../live/coalescer";
import { useBatches, useInterval } from "../../live/live";
import { Icon } from "../../ui/Icon";
import { Ticket } from "../../ui/Ticket";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Alert, Back, Button, buttonClass, Confirm, Empty, uiCss } from "../../ui/ui";
import { possible } from "../jobs/actions";
import { Details } from "./Details";
import css from "./Job.module.css";
import { TimelineSection } from "./TimelineSection";

const Player = later("The player", () => import("./Player"), css["place"]);

/** A job is read anew at most so often, however many of its steps end. */
const REFRESH_MS = 700;

export default function JobPage() {
  const { id = "" } = useParams();
  const query = useWholeJob(id);
  const { data: job, error } = query;
  const timeline = useTimeline(id, job);
  useEffect(() => {
    if (job !== undefined) document.title = `${job.filename} · Claimcheck`;
  }, [job?.filename]);
  if (job === undefined && error instanceof Refused && error.status === 404) return <Gone />;
  return (
    <div className={css["page"]}>
      <Back to="/jobs">All jobs</Back>
      <Trouble query={query} />
      {job === undefined ? query.isPending && <Waiting /> : <Whole job={job} timeline={timeline} />}
    </div>
  );
}

function useWholeJob(id: string): UseQueryResult<WholeJob> {
  const cache = useQueryClient();
  const every = useInterval(2_000);
  const query = useQuery({
    queryKey: ["job", id],
    queryFn: ({ signal }) => client.job(id, signal),
    refetchInterval: ({ state }) => (state.data !== undefined && hasEnded(state.data) ? false : every),
  });
  const timer = useRef<number | null>(null);
  useBatches(
    useCallback(
      ({ changed }: Batch) => {
        if (!changed.has(id)) return;
        timer.current ??= window.setTimeout(() => {
          timer.current = null;
          void cache.invalidateQueries({ queryKey: ["job", id] });
          void cache.invalidateQueries({ queryKey: ["timeline", id] });
        }, REFRESH_MS);
      },
      [cache, id],
    ),
  );
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
      timer.current = null;
    },
    [id],
  );
  return query;
}

function Waiting() {
  return (
    <Loading what="the job">
      <div className={css["page"]}>
        <Skeleton height={98} />
        <Skeleton height={360} />
        <Skeleton height={240} />
      </div>
    </Loading>
  );
}

function Gone() {
  return (
    <Empty icon="search" title="There is no such job">
      <p>It was deleted, or it belongs to somebody else.</p>
      <Link to="/jobs">To the jobs</Link>
    </Empty>
  );
}

/** Asked for beside the job, not after it. */
function useTimeline(id: string, job: WholeJob | undefined): UseQueryResult<Timeline> {
  const every = useInterval(2_000);
  return useQuery({
    queryKey: ["timeline", id],
    queryFn: ({ signal }) => client.timeline(id, signal),
    refetchInterval: job === undefined || hasEnded(job) ? false : Math.min(every, 2_000), // Progress of the steps is not in the log.
  });
}

function Whole({ job, timeline }: { job: WholeJob; timeline: UseQueryResult<Timeline> }) {
  return (
    <>
      <div className={uiCss["card"]}>
        <Ticket job={job} whole actions={<Actions job={job} />} />
      </div>
      {job.error !== undefined && job.status === "FAILED" && (
        <Alert>
          <strong data-error="">{job.error.message}</strong>
          {job.error.detail && <code className={css["detail"]}>{job.error.detail}</code>}
          <span className={uiCss["muted"]}>
            {job.error.step ? `In the step ${job.error.step}. ` : ""}
            {job.retry_allowed === true ? "A retry does only what failed; what succeeded is kept." : "The file itself is at fault: a retry would end the same way. Upload it again once it is right."}
          </span>
        </Alert>
      )}
      {job.warnings.map((warning) => (
        <Alert kind="warn" key={warning.message}>
          {warning.message}
        </Alert>
      ))}
      {job.video_url === undefined && hasEnded(job) ? (
        <>
          <TimelineSection job={job} query={timeline} />
          {!timeline.isPending && <Details job={job} timeline={timeline.data} />}
        </>
      ) : (
        <>
          <div className={css["columns"]}>
            {job.video_url === undefined ? (
              <div className={css["place"]}>The video plays here as soon as its first seconds are there.</div>
            ) : (
              <Suspense
                fallback={
                  <div className={css["place"]} aria-busy="true">
                    Loading the player …
                  </div>
                }
              >
                <Player key={job.job_id} job={job} />
              </Suspense>
            )}
            <Details job={job} timeline={timeline.data} />
          </div>
          <TimelineSection job={job} query={timeline} />
        </>
      )}
    </>
  );
}

function Actions({ job }: { job: WholeJob }) {
  const [asking, setAsking] = useState<"cancel" | "delete" | null>(null);
  const { busy, run } = useWork();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const change = (name: string, action: (id: string) => Promise<unknown>) =>
    run(name, async () => {
      await action(job.job_id);
      await Promise.all([cache.invalidateQueries({ queryKey: ["job", job.job_id] }), cache.invalidateQueries({ queryKey: ["timeline", job.job_id] })]);
    });
  const remove = () =>
    run("delete", async () => {
      await client.remove(job.job_id);
      const gone = new Set([job.job_id]);
      cache.setQueriesData<JobList>({ queryKey: ["jobs"] }, (known) => (known === undefined ? known : without(known, gone)));
      void cache.invalidateQueries({ queryKey: ["counts"] });
      await navigate("/jobs");
    });
  return (
    <>
      {job.download_url !== undefined && (
        <a className={buttonClass({})} href={`${job.download_url}?download=1`}>
          <Icon name="down" /> Download
        </a>
      )}
      {possible("retry", job) && (
        <Button kind="primary" icon="again" busy={busy === "retry"} busyWord="Retrying …" disabled={busy !== null && busy !== "retry"} onClick={() => void change("retry", client.retry)}>
          Retry
        </Button>
      )}
      {possible("cancel", job) && (
        <Button disabled={busy !== null} onClick={() => setAsking("cancel")}>
          Cancel
        </Button>
      )}
      {possible("delete", job) && (
        <Button kind="quiet" danger disabled={busy !== null} onClick={() => setAsking("delete")}>
          Delete
        </Button>
      )}
      <Confirm
        open={asking === "cancel"}
        onClose={() => setAsking(null)}
        title="Cancel this job?"
        text="What is running ends within seconds; what was made so far is dropped."
        action="Cancel the job"
        busyWord="Cancelling …"
        onConfirm={() => change("cancel", client.cancel)}
      />
      <Confirm
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        title="Delete this job?"
        text={
          <>
            <bdi>{job.filename}</bdi>, its video, pictures and logs go for good. This cannot be undone.
          </>
        }
        action="Delete for good"
        busyWord="Deleting …"
        onConfirm={remove}
      />
    </>
  );
}

