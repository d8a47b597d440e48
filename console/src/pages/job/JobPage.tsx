import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { hasEnded, Refused, type WholeJob } from "../../client";
import { without, type JobList } from "../../live/list";
import type { Batch } from "../../live/coalescer";
import { useBatches, useInterval } from "../../live/live";
import { Icon } from "../../ui/Icon";
import { Ticket } from "../../ui/Ticket";
import { Alert, Back, Button, buttonClass, Confirm, Empty, Loading, Skeleton, uiCss } from "../../ui/ui";
import { possible } from "../jobs/actions";
import { Details } from "./Details";
import css from "./Job.module.css";
import { TimelineSection } from "./TimelineSection";

const Player = lazy(() => import("./Player"));

/** A job is read anew at most so often, however many of its steps end. */
const REFRESH_MS = 700;

export default function JobPage() {
  const { id = "" } = useParams();
  const { job, error } = useWholeJob(id);
  useEffect(() => {
    if (job !== undefined) document.title = `${job.filename} · Claimcheck`;
  }, [job?.filename]);
  if (job === undefined && error instanceof Refused && error.status === 404) return <Gone />;
  return (
    <div className={css["page"]}>
      <Back to="/jobs">All jobs</Back>
      {error !== null && job === undefined && <Alert>{error.message}</Alert>}
      {job === undefined ? <Waiting /> : <Whole job={job} />}
    </div>
  );
}

function useWholeJob(id: string): { job: WholeJob | undefined; error: Error | null } {
  const cache = useQueryClient();
  const every = useInterval(2_000);
  const { data: job, error } = useQuery({
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
  return { job, error };
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

function Whole({ job }: { job: WholeJob }) {
  const every = useInterval(2_000);
  const timeline = useQuery({
    queryKey: ["timeline", job.job_id],
    queryFn: ({ signal }) => client.timeline(job.job_id, signal),
    refetchInterval: hasEnded(job) ? false : Math.min(every, 2_000), // Progress of the steps is not in the log.
    placeholderData: keepPreviousData,
  });
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
      {job.video_url === undefined ? (
        <>
          <TimelineSection job={job} timeline={timeline.data} error={timeline.error} />
          <Details job={job} timeline={timeline.data} />
        </>
      ) : (
        <>
          <div className={css["columns"]}>
            <Suspense fallback={<Skeleton height={420} />}>
              <Player key={job.job_id} job={job} />
            </Suspense>
            <Details job={job} timeline={timeline.data} />
          </div>
          <TimelineSection job={job} timeline={timeline.data} error={timeline.error} />
        </>
      )}
    </>
  );
}

function Actions({ job }: { job: WholeJob }) {
  const [asking, setAsking] = useState<"cancel" | "delete" | null>(null);
  const [busy, setBusy] = useState(false);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { complain } = useNotices();
  const run = async (action: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await action();
      await cache.invalidateQueries({ queryKey: ["job", job.job_id] });
      await cache.invalidateQueries({ queryKey: ["timeline", job.job_id] });
    } catch (failure) {
      complain(failure);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    setBusy(true);
    try {
      await client.remove(job.job_id);
      const gone = new Set([job.job_id]);
      cache.setQueriesData<JobList>({ queryKey: ["jobs"] }, (known) => (known === undefined ? known : without(known, gone)));
      void cache.invalidateQueries({ queryKey: ["counts"] });
      void navigate("/jobs");
    } catch (failure) {
      setBusy(false);
      complain(failure);
    }
  };
  return (
    <>
      {job.download_url !== undefined && (
        <a className={buttonClass({})} href={`${job.download_url}?download=1`}>
          <Icon name="down" /> Download
        </a>
      )}
      {possible("retry", job) && (
        <Button kind="primary" icon="again" disabled={busy} onClick={() => void run(() => client.retry(job.job_id))}>
          Retry
        </Button>
      )}
      {possible("cancel", job) && (
        <Button disabled={busy} onClick={() => setAsking("cancel")}>
          Cancel
        </Button>
      )}
      {possible("delete", job) && (
        <Button kind="quiet" danger disabled={busy} onClick={() => setAsking("delete")}>
          Delete
        </Button>
      )}
      <Confirm
        open={asking === "cancel"}
        onClose={() => setAsking(null)}
        title="Cancel this job?"
        text="What is running ends within seconds; what was made so far is dropped."
        action="Cancel the job"
        onConfirm={() => void run(() => client.cancel(job.job_id))}
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
        onConfirm={() => void remove()}
      />
    </>
  );
}

