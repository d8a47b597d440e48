import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { uploads } from "../../app/uploads";
import type { Interrupted, Phase, Sending } from "../../client";
import { duration, percentText, size, sizeOf, until } from "../../client/words";
import { uploadLook } from "../../ui/status";
import { TicketFace } from "../../ui/Ticket";
import { Bar, Button } from "../../ui/ui";
import css from "./Upload.module.css";

/** One ticket for each file on its way, and one for each that was left in the middle. */
export function Tray() {
  const { sending, interrupted } = useSyncExternalStore(uploads.subscribe, uploads.snapshot);
  useEffect(() => uploads.look(), []);
  if (sending.length + interrupted.length === 0) return null;
  return (
    <section className={css["list"]} aria-label="Uploads">
      <h2>On their way</h2>
      {sending.map((one) => (
        <SendingTicket key={one.id} sending={one} />
      ))}
      {interrupted.map((one) => (
        <InterruptedTicket key={one.fingerprint} interrupted={one} />
      ))}
    </section>
  );
}

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
