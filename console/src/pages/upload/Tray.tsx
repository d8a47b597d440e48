import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { uploads } from "../../app/uploads";
import type { Interrupted, Phase, Sending } from "../../client";
import { duration, percentText, size, sizeOf, until } from "../../client/words";
import { uploadLook } from "../../ui/status";
import { useGliding } from "../../ui/gliding";
import { Ticket, TicketFace } from "../../ui/Ticket";
import { Bar, Button } from "../../ui/ui";
import type { Arrived } from "./arrived";
import css from "./Upload.module.css";

/** One ticket for each file, first on its way and then as the job that it became, in the order in which they were chosen; and one for each that was left in the middle. */
export function Tray({ arrived, dismiss }: { arrived: readonly Arrived[]; dismiss: (id: number) => void }) {
  const { sending, interrupted } = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  const list = useGliding<HTMLElement>();
  useEffect(() => uploads.look(), []);
  if (sending.length + arrived.length + interrupted.length === 0) return null;
  const there = new Set(arrived.map(({ id }) => id));
  const files = [...sending.filter(({ id }) => !there.has(id)), ...arrived].sort((one, other) => one.id - other.id);
  return (
    <section className={css["list"]} ref={list} aria-label="Uploads">
      <h2>Your uploads</h2>
      {files.map((one) => ("phase" in one ? <SendingTicket key={one.id} sending={one} /> : <ArrivedTicket key={one.id} arrived={one} dismiss={dismiss} />))}
      {interrupted.map((one) => (
        <InterruptedTicket key={one.fingerprint} interrupted={one} />
      ))}
    </section>
  );
}

const FINISHING = "All bytes have gone out; waiting for the claim check";

function happening({ phase, sent, size: whole, rate, trouble }: Sending): string {
  const there = sizeOf(sent, whole);
  switch (phase) {
    case "waiting":
      return sent > 0 ? `${there} · goes on after the ones above` : `${size(whole)} · begins after the ones above`;
    case "sending":
      return rate === null || rate <= 0 ? there : `${there} · ${size(rate)}/s · ${duration((whole - sent) / rate)} left`;
    case "paused":
      return `${there} · kept for you`;
    case "away":
      return `${trouble ?? ""} ${there} had gone out; it goes on by itself.`.trim();
    case "finishing":
      return FINISHING;
    case "failed":
      return trouble ?? "It was refused.";
  }
}

const STOPPABLE: ReadonlySet<Phase> = new Set<Phase>(["sending", "waiting", "finishing"]);

function SendingTicket({ sending }: { sending: Sending }) {
  const { id, name, phase, sent, size: whole } = sending;
  const failed = phase === "failed";
  return (
    <TicketFace
      name={name}
      look={uploadLook(phase)}
      line={happening(sending)}
      alert={failed}
      bars={failed ? undefined : <Bar upload percent={(100 * sent) / Math.max(1, whole)} label={`Uploading ${name}`} />}
      data={{ "data-phase": phase }}
      actions={
        <>
          {STOPPABLE.has(phase) && (
            <Button kind="quiet" small aria-label={`Pause ${name}`} onClick={() => uploads.pause(id)}>
              Pause
            </Button>
          )}
          {phase === "paused" && (
            <Button small aria-label={`Go on with ${name}`} onClick={() => uploads.resume(id)}>
              Go on
            </Button>
          )}
          {phase === "away" && (
            <Button small aria-label={`Try ${name} now`} onClick={() => uploads.resume(id)}>
              Try now
            </Button>
          )}
          <Button kind="quiet" small aria-label={`${failed ? "Dismiss" : "Cancel"} ${name}`} onClick={() => uploads.cancel(id)}>
            {failed ? "Dismiss" : "Cancel"}
          </Button>
        </>
      }
    />
  );
}

function ArrivedTicket({ arrived, dismiss }: { arrived: Arrived; dismiss: (id: number) => void }) {
  const { id, name, job } = arrived;
  // As tall as the upload's own: what is below stays where it is.
  const actions = (
    <Button kind="quiet" small aria-label={`Dismiss ${name}`} onClick={() => dismiss(id)}>
      Dismiss
    </Button>
  );
  if (job !== null) return <Ticket job={job} to={`/jobs/${job.job_id}`} actions={actions} />;
  return <TicketFace name={name} look={uploadLook("finishing")} line={FINISHING} bars={<Bar upload percent={100} label={`Uploading ${name}`} />} actions={actions} data={{ "data-phase": "finishing" }} />;
}

function InterruptedTicket({ interrupted }: { interrupted: Interrupted }) {
  const { name, sent, size: whole, expires } = interrupted;
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const line = wrong ?? `About ${percentText(sent, whole)} of ${size(whole)} is there until ${until(expires, Date.now())}. Choose the file again to go on.`;
  return (
    <>
      <TicketFace
        name={name}
        look={uploadLook("interrupted")}
        line={line}
        alert={wrong !== null}
        bars={<Bar upload percent={(100 * sent) / Math.max(1, whole)} label={`Uploaded of ${name}`} />}
        data={{ "data-phase": "interrupted" }}
        actions={
          <>
            <Button small aria-label={`Go on with ${name}`} onClick={() => input.current?.click()}>
              Go on
            </Button>
            <Button kind="quiet" small aria-label={`Discard ${name}`} onClick={() => uploads.discard(interrupted)}>
              Discard
            </Button>
          </>
        }
      />
      <input
        ref={input}
        type="file"
        hidden
        aria-label={`The file ${name}`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) setWrong(uploads.goOn(interrupted, file));
          event.target.value = "";
        }}
      />
    </>
  );
}
