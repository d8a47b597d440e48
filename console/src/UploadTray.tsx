import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Interrupted } from "./remembered";
import { Bar, Status } from "./Ticket";
import { uploads, type Sending } from "./uploads";
import { duration, percentText, size, sizeOf, until } from "./words";

/** One ticket for each file on its way, and one for each that was left in the middle. */
export function UploadTray({ onFinished }: { onFinished: () => void }) {
  const { sending, interrupted } = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  useEffect(() => uploads.onFinished(onFinished), [onFinished]);
  useEffect(() => uploads.look(), []);
  if (sending.length + interrupted.length === 0) return null;
  return (
    <section className="tray" aria-label="Uploads">
      {sending.map((one) => (
        <SendingTicket key={one.id} sending={one} />
      ))}
      {interrupted.map((one) => (
        <InterruptedTicket key={one.fingerprint} interrupted={one} />
      ))}
    </section>
  );
}

const STATUS: Record<Sending["phase"], string> = {
  waiting: "SENDING_WAITING",
  sending: "SENDING",
  paused: "SENDING_PAUSED",
  away: "SENDING_AWAY",
  finishing: "SENDING",
  failed: "FAILED",
};

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
      return "All bytes have gone out; waiting for the claim check";
    case "failed":
      return trouble ?? "It was refused.";
  }
}

function SendingTicket({ sending }: { sending: Sending }) {
  const { id, name, phase, sent, size: whole } = sending;
  const failed = phase === "failed";
  return (
    <article className="ticket" data-status={STATUS[phase]} data-phase={phase}>
      <Face name={name} status={STATUS[phase]} line={happening(sending)} alert={failed}>
        {!failed && <Bar percent={(100 * sent) / Math.max(1, whole)} label={`Uploading ${name}`} />}
      </Face>
      <div className="actions">
        {(phase === "sending" || phase === "waiting" || phase === "finishing") && (
          <button type="button" className="quiet" aria-label={`Pause ${name}`} onClick={() => uploads.pause(id)}>
            Pause
          </button>
        )}
        {phase === "paused" && (
          <button type="button" aria-label={`Go on with ${name}`} onClick={() => uploads.resume(id)}>
            Go on
          </button>
        )}
        {phase === "away" && (
          <button type="button" className="quiet" aria-label={`Try ${name} now`} onClick={() => uploads.resume(id)}>
            Try now
          </button>
        )}
        <button type="button" className="quiet" aria-label={`${failed ? "Dismiss" : "Cancel"} ${name}`} onClick={() => uploads.cancel(id)}>
          {failed ? "Dismiss" : "Cancel"}
        </button>
      </div>
    </article>
  );
}

function InterruptedTicket({ interrupted }: { interrupted: Interrupted }) {
  const { name, sent, size: whole, expires } = interrupted;
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const line = wrong ?? `About ${percentText(sent, whole)} of ${size(whole)} is there until ${until(expires, Date.now())}. Choose the file again to go on.`;
  return (
    <article className="ticket" data-status="INTERRUPTED">
      <Face name={name} status="INTERRUPTED" line={line} alert={wrong !== null}>
        <Bar percent={(100 * sent) / Math.max(1, whole)} label={`Uploaded of ${name}`} />
      </Face>
      <div className="actions">
        <button type="button" title={`Go on with ${name}`} aria-label={`Go on with ${name}`} onClick={() => input.current?.click()}>
          Go on
        </button>
        <button type="button" className="quiet" aria-label={`Discard ${name}`} onClick={() => uploads.discard(interrupted)}>
          Discard
        </button>
      </div>
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
    </article>
  );
}

function Face({ name, status, line, alert, children }: { name: string; status: string; line: string; alert: boolean; children: React.ReactNode }) {
  return (
    <>
      <div className="poster" aria-hidden="true">
        <span>↑</span>
      </div>
      <div className="facts">
        <div className="line">
          <span className="name" title={name}>
            <bdi>{name}</bdi>
          </span>
          <Status of={status} />
        </div>
        <p className="happening" role={alert ? "alert" : undefined}>
          {line}
        </p>
        {children}
      </div>
    </>
  );
}
