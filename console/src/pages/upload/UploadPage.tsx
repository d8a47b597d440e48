import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Link } from "react-router";
import { client } from "../../app/session";
import { uploads } from "../../app/uploads";
import { putJob, useJobs } from "../../live/useJobs";
import { Ticket } from "../../ui/Ticket";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import Drop from "./Drop";
import { NoVideos } from "./NoVideos";
import { Tray } from "./Tray";
import css from "./Upload.module.css";

const RECENT = 8;
const ALL = { status: [], q: "" } as const;

/** Where videos are handed in, and what became of the last ones. */
export default function UploadPage() {
  const { jobs, loading, asked, look, refresh } = useJobs(ALL);
  const { sending, interrupted } = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const cache = useQueryClient();
  useEffect(
    () =>
      uploads.onFinished(({ job_id }) => {
        client.status(job_id).then((job) => putJob(cache, job), refresh); // The ticket goes on without a gap.
      }),
    [cache, refresh],
  );
  const recent = useMemo(() => {
    const inTray = new Set([...sending, ...interrupted].map(({ name }) => name));
    return jobs.filter((job) => job.status !== "UPLOADING" || !inTray.has(job.filename)).slice(0, RECENT);
  }, [jobs, sending, interrupted]);
  useEffect(() => look(recent.map(({ job_id }) => job_id)), [recent, look]);
  return (
    <div className={css["page"]}>
      <h1>Upload</h1>
      <Drop />
      <Tray />
      <section className={css["list"]} aria-label="Recent videos">
        <div className={css["head"]}>
          <h2>Recent videos</h2>
          {jobs.length > 0 && <Link to="/jobs">All jobs</Link>}
        </div>
        {loading && (
          <Loading what="the last videos">
            <div className={css["list"]}>
              {[0, 1, 2].map((n) => (
                <Skeleton key={n} height={82} />
              ))}
            </div>
          </Loading>
        )}
        <Trouble query={asked} />
        {asked.data !== undefined && recent.length === 0 && <NoVideos how="Drop one above." />}
        {recent.map((job) => (
          <Ticket key={job.job_id} job={job} to={`/jobs/${job.job_id}`} />
        ))}
      </section>
    </div>
  );
}
