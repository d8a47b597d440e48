import { useState } from "react";
import { useForm } from "../../app/work";
import type { WebhookEndpoint } from "../../client";
import { Alert, Button, Check, Code, Dialog, DialogEnd, Field, uiCss } from "../../ui/ui";
import { EVENT_TYPES } from "./looks";
import css from "./Webhooks.module.css";

export interface EndpointWords {
  url: string;
  description: string;
  events: string[];
}

/** Asks for an endpoint: a new one, or changes to one. What the service refuses is said where it was typed. */
export function EndpointDialog({ known, onClose, onSave }: { known?: WebhookEndpoint; onClose: () => void; onSave: (words: EndpointWords) => Promise<void> }) {
  const [url, setUrl] = useState(known?.url ?? "");
  const [description, setDescription] = useState(known?.description ?? "");
  const [events, setEvents] = useState<ReadonlySet<string>>(new Set(known?.events ?? ["job.completed", "job.failed"]));
  const others = [...events].filter((type) => !(EVENT_TYPES as readonly string[]).includes(type));
  const { trouble, busy, submit } = useForm(() => onSave({ url: url.trim(), description: description.trim(), events: [...events] }), onClose);
  const toggle = (type: string, on: boolean) =>
    setEvents((now) => {
      const next = new Set(now);
      if (on) next.add(type);
      else next.delete(type);
      return next;
    });
  return (
    <Dialog open onClose={onClose} title={known === undefined ? "Add an endpoint" : "Change the endpoint"} text="Events are sent to it as signed POST requests, in the order of each job.">
      <form className={css["form"]} onSubmit={submit}>
        {trouble !== null && <Alert>{trouble}</Alert>}
        <Field label="Address" type="url" required placeholder="https://example.com/hooks/claimcheck" value={url} onChange={(event) => setUrl(event.target.value)} autoFocus />
        <Field label="Description" maxLength={200} value={description} onChange={(event) => setDescription(event.target.value)} hint="For people; it is not sent." />
        <fieldset style={{ border: 0, padding: 0, margin: 0, display: "flex", flexDirection: "column", gap: 8 }}>
          <legend style={{ fontWeight: 550, fontSize: 13, padding: 0, marginBottom: 4 }}>Events</legend>
          <div className={css["types"]}>
            {[...EVENT_TYPES, ...others].map((type) => (
              <Check key={type} label={<code>{type}</code>} checked={events.has(type)} onChange={(on) => toggle(type, on)} />
            ))}
          </div>
          <span className={uiCss["hint"]}>With a star, all of a kind; the star alone is everything. Most need no more than job.completed and job.failed.</span>
        </fieldset>
        <DialogEnd>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} busyWord={known === undefined ? "Adding …" : "Saving …"} disabled={events.size === 0}>
            {known === undefined ? "Add" : "Save"}
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

/** A secret is shown once. */
export function SecretDialog({ secret, until, onClose }: { secret: string; until?: string | null; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="The signing secret"
      text={`Copy it now: it is not shown again.${until ? ` Until ${new Date(until).toLocaleString()} requests carry the signatures of the old and of the new one.` : ""} Check each request with it, by any library for Standard Webhooks.`}
    >
      <Code wrap label="Signing secret" text={secret} />
      <DialogEnd>
        <Button kind="primary" onClick={onClose}>
          I have copied it
        </Button>
      </DialogEnd>
    </Dialog>
  );
}
