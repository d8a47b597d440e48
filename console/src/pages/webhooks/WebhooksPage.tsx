import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { client } from "../../app/session";
import type { WebhookEndpoint } from "../../client";
import { count, share } from "../../client/words";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Ago, Button, Empty, Status, uiCss } from "../../ui/ui";
import { EndpointDialog, SecretDialog, type EndpointWords } from "./EndpointDialog";
import { endpointLook } from "./looks";
import css from "./Webhooks.module.css";

export default function WebhooksPage() {
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const query = useQuery({ queryKey: ["webhooks"], queryFn: ({ signal }) => client.webhooks(signal), refetchInterval: 5_000 });
  const { data } = query;
  const add = async ({ url, events, description }: EndpointWords) => {
    const made = await client.addWebhook({ url, events, ...(description === "" ? {} : { description }) });
    setSecret(made.secret);
    await cache.invalidateQueries({ queryKey: ["webhooks"] });
  };
  return (
    <div className={css["page"]}>
      <div className={css["head"]}>
        <div className={css["headText"]}>
          <h1>Webhooks</h1>
          <p className={uiCss["muted"]}>Your own systems hear what happens to your videos, signed, and again until they say that they have it.</p>
        </div>
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          Add an endpoint
        </Button>
      </div>
      <Trouble query={query} />
      {query.isPending && (
        <Loading what="the endpoints">
          <div className={css["list"]}>
            <Skeleton height={82} />
            <Skeleton height={82} />
          </div>
        </Loading>
      )}
      {data?.webhooks.length === 0 && (
        <div className={uiCss["card"]}>
          <Empty icon="hook" title="No endpoint yet">
            <p>Add the address of a service of yours. It gets a POST request for each event, instead of asking for the status again and again.</p>
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              Add an endpoint
            </Button>
          </Empty>
        </div>
      )}
      <div className={css["list"]}>
        {data?.webhooks.map((endpoint) => (
          <Row key={endpoint.endpoint_id} endpoint={endpoint} />
        ))}
      </div>
      {adding && <EndpointDialog onClose={() => setAdding(false)} onSave={add} />}
      {secret !== null && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </div>
  );
}

function Row({ endpoint }: { endpoint: WebhookEndpoint }) {
  return (
    <article className={`${css["endpoint"]} ${uiCss["card"]}`} data-endpoint={endpoint.endpoint_id}>
      <div style={{ minWidth: 0 }}>
        <Link className={css["url"] ?? ""} to={`/hooks/${endpoint.endpoint_id}`} title={endpoint.url}>
          {endpoint.url}
        </Link>
        <div className={css["meta"]}>
          {endpoint.description !== "" && <span>{endpoint.description}</span>}
          <span>{endpoint.events.includes("*") ? "every event" : endpoint.events.join(", ")}</span>
        </div>
      </div>
      <div className={css["right"]}>
        <Status look={endpointLook(endpoint)} pill />
        <Rates endpoint={endpoint} />
      </div>
    </article>
  );
}

export function Rates({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { delivered_24h: delivered, failed_24h: failed, waiting } = endpoint;
  return (
    <div className={css["meta"]}>
      {delivered + failed === 0 ? (
        <span>nothing delivered in 24 h</span>
      ) : (
        <span>
          <b>{share(delivered, delivered + failed)}</b> of {count(delivered + failed)} delivered in 24 h
        </span>
      )}
      {waiting > 0 && (
        <span>
          <b>{count(waiting)}</b> waiting
        </span>
      )}
      <span>{endpoint.last_delivery_at === null ? "nothing sent yet" : <>last tried <Ago at={endpoint.last_delivery_at} />{endpoint.last_status_code === null ? "" : ` (${endpoint.last_status_code})`}</>}</span>
    </div>
  );
}
