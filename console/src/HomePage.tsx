import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type DragEvent } from "react";
import { api, Refused, type Job } from "./api";
import { Ticket } from "./Ticket";
import { uploads } from "./uploads";
import { UploadTray } from "./UploadTray";
import { hasEnded } from "./useJob";

const FILTERS: [string, string][] = [
  ["", "All"],
  ["IN_PROGRESS", "Processing"],
  ["COMPLETED", "Ready"],
  ["FAILED", "Failed"],
];

export function HomePage({ onRefused }: { onRefused: (refused: Refused) => void }) {
  const [jobs, setJobs] = useState<Job[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((value) => value + 1), []);

  useEffect(() => {
    let gone = false;
    let timer = 0;
    const load = async () => {
      let wait = 5_000;
      try {
        const page = await api.jobs(filter, null);
        if (gone) return;
        setJobs(page.jobs);
        setCursor(page.next_cursor);
        wait = page.jobs.some((job) => !hasEnded(job)) ? 2_000 : 10_000;
      } catch (failure) {
        if (gone) return;
        if (!(failure instanceof Refused)) throw failure;
        if (failure.status !== 0 && failure.status < 500) {
          onRefused(failure);
          return;
        }
      }
      timer = window.setTimeout(() => void load(), wait);
    };
    void load();
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }, [filter, round, onRefused]);

  const { sending, interrupted } = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const inTray = new Set([...sending, ...interrupted].map((one) => one.name));

  const more = async () => {
    const page = await api.jobs(filter, cursor);
    setJobs((known) => [...(known ?? []), ...page.jobs]);
    setCursor(page.next_cursor);
  };

  return (
    <>
      <DropArea onFiles={(files) => uploads.add(files ?? [])} />
      <UploadTray onFinished={again} />
      <section aria-label="Videos">
        <div className="chips" role="group" aria-label="Filter">
          {FILTERS.map(([value, word]) => (
            <button type="button" key={value} aria-pressed={filter === value} onClick={() => setFilter(value)}>
              {word}
            </button>
          ))}
        </div>
        {jobs === null && <div className="ticket skeleton" aria-busy="true" aria-label="Loading" />}
        {jobs?.length === 0 && <Empty filtered={filter !== ""} />}
        {jobs?.filter((job) => job.status !== "UPLOADING" || !inTray.has(job.filename)).map((job) => <Ticket key={job.job_id} job={job} href={`#/jobs/${job.job_id}`} />)}
        {cursor !== null && (
          <button type="button" className="quiet more" onClick={() => void more()}>
            Show older ones
          </button>
        )}
      </section>
    </>
  );
}

function DropArea({ onFiles }: { onFiles: (files: FileList | null) => void }) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles(event.dataTransfer.files);
  };
  return (
    <section
      className={over ? "drop over" : "drop"}
      aria-label="Upload"
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>
        <strong>Drop videos here</strong>
        <span> or </span>
        <button type="button" onClick={() => input.current?.click()}>
          Choose files
        </button>
      </p>
      <p className="muted">Uploads go on by themselves after a cut; the video is ready when its ticket says so.</p>
      <input
        ref={input}
        id="files"
        type="file"
        multiple
        hidden
        aria-label="Videos to upload"
        onChange={(event) => {
          onFiles(event.target.files);
          event.target.value = "";
        }}
      />
    </section>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  if (filtered) return <p className="empty">No videos of this kind.</p>;
  return (
    <div className="empty">
      <p>No videos yet. Drop one above, or from a terminal:</p>
      <pre>{`curl -H "Authorization: Bearer $KEY" --data-binary @video.mp4 \\\n  '${window.location.origin}/videos/upload?filename=video.mp4'`}</pre>
    </div>
  );
}
