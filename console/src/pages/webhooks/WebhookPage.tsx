import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { useForm, useWork } from "../../app/work";
import type { Delivery, WebhookEndpoint } from "../../client";
import { count } from "../../client/words";
import { Loading, ShowMore, Skeleton, Trouble } from "../../ui/loading";
import { Ago, Alert, Back, Button, Confirm, Dialog, DialogEnd, Empty, Field, Status, uiCss } from "../../ui/ui";
import { DeliveryDialog } from "./DeliveryDialog";
import { EndpointDialog, SecretDialog, type EndpointWords } from "./EndpointDialog";
import { deliveryLook, endpointLook } from "./looks";
import css from "./Webhooks.module.css";
import { Rates } from "./WebhooksPage";

const OVERLAP = "24h";

export default function WebhookPage() {
  const { id = "" } = useParams();
  const endpoints = useQuery({ queryKey: ["webhooks"], queryFn: ({ signal }) => client.webhooks(signal), refetchInterval: 5_000 });
  const { data, isPending } = endpoints;
  const endpoint = data?.webhooks.find(({ endpoint_id }) => endpoint_id === id);
  return (
    <div className={css["page"]}>
      <Back to="/hooks">All endpoints</Back>
      <Trouble query={endpoints} />
      {isPending && (
        <Loading what="the endpoint">
          <Skeleton height={160} />
        </Loading>
      )}
      {data !== undefined && endpoint === undefined && (
        <Empty icon="hook" title="There is no such endpoint">
          <p>It was deleted, or it belongs to somebody else.</p>
        </Empty>
      )}
      {endpoint !== undefined && (
        <>
          <Head endpoint={endpoint} />
          <Deliveries id={id} />
        </>
      )}
    </div>
  );
}

type Asking = "edit" | "rotate" | "delete" | "replay" | null;

function Head({ endpoint }: { endpoint: WebhookEndpoint }) {
  const id = endpoint.endpoint_id;
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { say } = useNotices();
  const { busy, run } = useWork();
  const other = (name: string) => busy !== null && busy !== name;
  const [asking, setAsking] = useState<Asking>(null);
  const [secret, setSecret] = useState<{ secret: string; until: string | null } | null>(null);
  const refresh = () => Promise.all([cache.invalidateQueries({ queryKey: ["webhooks"] }), cache.invalidateQueries({ queryKey: ["deliveries", id] })]);
  const change = (name: string, action: () => Promise<unknown>, done: string | null) =>
    run(name, async () => {
      await action();
      if (done !== null) say(done);
      await refresh();
    });
  const save = async (words: EndpointWords) => {
    await client.changeWebhook(id, words);
    await refresh();
  };
  return (
    <section className={`${css["facts"]} ${uiCss["card"]}`} aria-label="Endpoint">
      <div className={css["head"]}>
        <div className={css["headText"]}>
          <h1 className={`${css["url"]} ${css["whole"]}`}>{endpoint.url}</h1>
          <p className={uiCss["muted"]}>{endpoint.description}</p>
        </div>
        <Status look={endpointLook(endpoint)} pill />
      </div>
      {endpoint.disabled_reason !== null && endpoint.status === "disabled" && <Alert kind="warn">{endpoint.disabled_reason}</Alert>}
      <Rates endpoint={endpoint} />
      <dl className={uiCss["facts"]}>
        <dt>Events</dt>
        <dd>
          {endpoint.events.includes("*") ? "every event" : <code>{endpoint.events.join(", ")}</code>}
        </dd>
        <dt>Secrets</dt>
        <dd>
          {endpoint.secrets.map(({ created_at, expires_at }, index) => (
            <div key={created_at}>
              {index === 0 ? "" : "and "}one made <Ago at={created_at} />
              {expires_at !== null && `, in force until ${new Date(expires_at).toLocaleString()}`}
            </div>
          ))}
        </dd>
      </dl>
      <div className={css["actions"]}>
        <Button busy={busy === "test"} busyWord="Sending …" disabled={other("test") || endpoint.status === "disabled"} onClick={() => void change("test", () => client.testWebhook(id), "A test event is on its way.")}>
          Send a test
        </Button>
        <Button onClick={() => setAsking("edit")}>Change</Button>
        <Button onClick={() => setAsking("rotate")}>New secret</Button>
        <Button onClick={() => setAsking("replay")}>Replay…</Button>
        {endpoint.status === "enabled" ? (
          <Button busy={busy === "disable"} busyWord="Saving …" disabled={other("disable")} onClick={() => void change("disable", () => client.changeWebhook(id, { status: "disabled" }), "Nothing is sent to it any more.")}>
            Disable
          </Button>
        ) : (
          <Button kind="primary" busy={busy === "enable"} busyWord="Saving …" disabled={other("enable")} onClick={() => void change("enable", () => client.changeWebhook(id, { status: "enabled" }), "It gets events again.")}>
            Enable
          </Button>
        )}
        <Button kind="quiet" danger onClick={() => setAsking("delete")}>
          Delete
        </Button>
      </div>
      {asking === "edit" && <EndpointDialog known={endpoint} onClose={() => setAsking(null)} onSave={save} />}
      {asking === "replay" && (
        <ReplayDialog
          onClose={() => setAsking(null)}
          onReplay={async (range) => {
            const { deliveries } = await client.replay(id, range);
            say(deliveries === 1 ? "One delivery is sent again." : `${count(deliveries)} deliveries are sent again.`);
            await refresh();
          }}
        />
      )}
      <Confirm
        open={asking === "rotate"}
        onClose={() => setAsking(null)}
        title="Make a new secret?"
        text="For 24 hours requests carry the signatures of both, so that nothing is refused while you change it on your side."
        action="Make a new one"
        busyWord="Making it …"
        onConfirm={() => change("rotate", async () => setSecret(await client.rotateSecret(id, OVERLAP).then((made) => ({ secret: made.secret, until: made.previous_expires_at }))), null)}
      />
      <Confirm
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        title="Delete this endpoint?"
        text="Nothing more is sent to it, and its deliveries are forgotten."
        action="Delete for good"
        busyWord="Deleting …"
        onConfirm={() => change("delete", () => client.removeWebhook(id).then(() => navigate("/hooks")), null)}
      />
      {secret !== null && <SecretDialog secret={secret.secret} until={secret.until} onClose={() => setSecret(null)} />}
    </section>
  );
}

/** The value of a datetime-local field, in the reader's own zone. */
function local(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function ReplayDialog({ onClose, onReplay }: { onClose: () => void; onReplay: (range: { from: string; to: string }) => Promise<void> }) {
  const [from, setFrom] = useState(() => local(new Date(Date.now() - 3_600_000)));
  const [to, setTo] = useState(() => local(new Date(Date.now() + 60_000)));
  const { trouble, busy, submit } = useForm(() => onReplay({ from: new Date(from).toISOString(), to: new Date(to).toISOString() }), onClose);
  return (
    <Dialog open onClose={onClose} title="Replay events" text="Everything that happened in this time is sent again, in order, with the same ids: your side can tell what it has already.">
      <form className={css["form"]} onSubmit={submit}>
        {trouble !== null && <Alert>{trouble}</Alert>}
        <div className={css["range"]}>
          <Field label="From" type="datetime-local" required value={from} onChange={(event) => setFrom(event.target.value)} />
          <Field label="To" type="datetime-local" required value={to} onChange={(event) => setTo(event.target.value)} />
        </div>
        <DialogEnd>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} busyWord="Sending …">
            Replay
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}

const SHOWN = [
  [null, "All"],
  ["waiting", "Waiting"],
  ["succeeded", "Delivered"],
  ["failed", "Given up"],
] as const;

function Deliveries({ id }: { id: string }) {
  const [status, setStatus] = useState<Delivery["status"] | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["deliveries", id, status],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => client.deliveries(id, { status, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 3_000,
  });
  const deliveries = query.data?.pages.flatMap((page) => page.deliveries) ?? [];
  return (
    <section className={`${css["deliveries"]} ${uiCss["card"]}`} aria-label="Deliveries">
      <div className={css["tableHead"]}>
        <h2>Deliveries</h2>
        <div className={uiCss["chips"]} role="group" aria-label="Which deliveries">
          {SHOWN.map(([value, word]) => (
            <button key={word} type="button" className={uiCss["chip"]} aria-pressed={status === value} onClick={() => setStatus(value)}>
              {word}
            </button>
          ))}
        </div>
      </div>
      <Trouble query={query} />
      {query.isPending && (
        <Loading what="the deliveries">
          <Skeleton height={160} />
        </Loading>
      )}
      {query.data !== undefined && deliveries.length === 0 && (
        <Empty icon="hook" title={status === null ? "Nothing was sent yet" : "There is none of these"}>
          {status === null && <p>Send a test, or hand in a video: each event that fits appears here with what was asked and answered.</p>}
        </Empty>
      )}
      {deliveries.length > 0 && (
        <div className={uiCss["scrollX"]} tabIndex={0} role="region" aria-label="Table of deliveries">
          <table className={uiCss["table"]}>
            <thead>
              <tr>
                <th>Event</th>
                <th>State</th>
                <th className={uiCss["num"]}>Tries</th>
                <th className={uiCss["num"]}>Answer</th>
                <th>Job</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {deliveries.map((delivery) => (
                <tr key={delivery.delivery_id} data-delivery={delivery.delivery_id}>
                  <td>
                    <button type="button" className={css["rowButton"]} onClick={() => setOpen(delivery.delivery_id)}>
                      {delivery.type}
                    </button>
                  </td>
                  <td>
                    <Status look={deliveryLook(delivery)} />
                    {delivery.last_error !== null && delivery.status !== "succeeded" && <div className={uiCss["muted"]}>{delivery.last_error}</div>}
                  </td>
                  <td className={uiCss["num"]}>{delivery.attempts}</td>
                  <td className={uiCss["num"]}>{delivery.last_status_code ?? "–"}</td>
                  <td>{delivery.job_id === null ? "" : <Link to={`/jobs/${delivery.job_id}`}>{delivery.job_id.slice(-8)}</Link>}</td>
                  <td>
                    <Ago at={delivery.created_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore query={query} />
      {open !== null && <DeliveryDialog endpoint={id} delivery={open} onClose={() => setOpen(null)} />}
    </section>
  );
}
