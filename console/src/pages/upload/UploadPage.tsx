import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Link } from "react-router";
import { uploads } from "../../app/uploads";
import { useJobs } from "../../live/useJobs";
import { useGliding } from "../../ui/gliding";
import { Ticket } from "../../ui/Ticket";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { useArrived } from "./arrived";
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
  const { arrived, dismiss } = useArrived(jobs, refresh);
  const list = useGliding<HTMLElement>();
  const recent = useMemo(() => {
    const uploaded = new Set([...sending, ...interrupted, ...arrived].map(({ name }) => name));
    const inTray = new Set(arrived.flatMap(({ ids }) => ids));
    return jobs.filter((job) => !inTray.has(job.job_id) && (job.status !== "UPLOADING" || !uploaded.has(job.filename))).slice(0, RECENT);
  }, [jobs, sending, interrupted, arrived]);
  const allInTray = recent.length === 0 && jobs.length > 0;
  useEffect(() => look([...arrived, ...recent].map(({ job_id }) => job_id)), [arrived, recent, look]);
  return (
    <div className={css["page"]}>
      <h1>Upload</h1>
      <Drop />
      <Tray arrived={arrived} dismiss={dismiss} />
      {!allInTray && (
        <section className={css["list"]} ref={list} aria-label="Recent videos">
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
          {asked.data !== undefined && jobs.length === 0 && <NoVideos how="Drop one above." />}
          {recent.map((job) => (
            <Ticket key={job.job_id} job={job} to={`/jobs/${job.job_id}`} />
          ))}
        </section>
      )}
    </div>
  );
}
