import { useCallback, useEffect, useRef, useState, type DragEvent } from "react";
import { api, Refused, type Job } from "./api";
import { Bar, Status, Ticket } from "./Ticket";
import { hasEnded } from "./useJob";
import { duration, size } from "./words";

interface Sending {
  id: number;
  file: File;
  sent: number;
  began: number;
  error: string | null;
  abort: () => void;
}

const FILTERS: [string, string][] = [
  ["", "All"],
  ["IN_PROGRESS", "Processing"],
  ["COMPLETED", "Ready"],
  ["FAILED", "Failed"],
];

let counter = 0;

export function HomePage({ onRefused }: { onRefused: (refused: Refused) => void }) {
  const [jobs, setJobs] = useState<Job[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [filter, setFilter] = useState("");
  const [sending, setSending] = useState<Sending[]>([]);
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

  const change = useCallback((id: number, patch: Partial<Sending>) => {
    setSending((all) => all.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  }, []);

  const send = useCallback(
    (files: FileList | null) => {
      for (const file of Array.from(files ?? [])) {
        const id = ++counter;
        const { done, abort } = api.upload(file, (sent) => change(id, { sent }));
        setSending((all) => [...all, { id, file, sent: 0, began: Date.now(), error: null, abort }]);
        done.then(
          () => {
            setSending((all) => all.filter((one) => one.id !== id));
            again();
          },
          (failure: Error) => change(id, { error: failure.message }),
        );
      }
    },
    [again, change],
  );

  const more = async () => {
    const page = await api.jobs(filter, cursor);
    setJobs((known) => [...(known ?? []), ...page.jobs]);
    setCursor(page.next_cursor);
  };

  return (
    <>
      <DropArea onFiles={send} />
      {sending.length > 0 && (
        <section className="tray" aria-label="Uploads">
          {sending.map((one) => (
            <SendingTicket key={one.id} sending={one} onClose={() => setSending((all) => all.filter((other) => other.id !== one.id))} />
          ))}
        </section>
      )}
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
        {jobs?.map((job) => <Ticket key={job.job_id} job={job} href={`#/jobs/${job.job_id}`} />)}
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
      <p className="muted">You get a claim check at once. The video is ready when its ticket says so.</p>
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

function SendingTicket({ sending, onClose }: { sending: Sending; onClose: () => void }) {
  const { file, sent, began, error } = sending;
  const percent = file.size === 0 ? 0 : (100 * sent) / file.size;
  const rate = sent / Math.max(0.001, (Date.now() - began) / 1000);
  const line = error ?? (sent >= file.size && file.size > 0 ? "All bytes are there; getting the claim check" : `${size(sent)} of ${size(file.size)} · ${size(rate)}/s · ${duration((file.size - sent) / Math.max(rate, 1))} left`);
  return (
    <article className="ticket" data-status={error === null ? "SENDING" : "FAILED"}>
      <div className="poster" aria-hidden="true">
        <span>↑</span>
      </div>
      <div className="facts">
        <div className="line">
          <span className="name" title={file.name}>
            <bdi>{file.name}</bdi>
          </span>
          <Status of={error === null ? "SENDING" : "FAILED"} />
        </div>
        <p className="happening" role={error === null ? undefined : "alert"}>
          {line}
        </p>
        {error === null && <Bar percent={percent} label={`Uploading ${file.name}`} />}
      </div>
      <div className="actions">
        <button
          type="button"
          className="quiet"
          onClick={() => {
            sending.abort();
            onClose();
          }}
        >
          {error === null ? "Cancel" : "Dismiss"}
        </button>
      </div>
    </article>
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
