import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { useWork } from "../../app/work";
import type { DeliveryAttempt } from "../../client";
import { absolute } from "../../client/words";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Alert, Button, Code, Dialog, DialogEnd, Status, uiCss } from "../../ui/ui";
import { deliveryLook } from "./looks";
import css from "./Webhooks.module.css";

/** One delivery with everything that was asked and answered. */
export function DeliveryDialog({ endpoint, delivery, onClose }: { endpoint: string; delivery: string; onClose: () => void }) {
  const cache = useQueryClient();
  const { say } = useNotices();
  const { busy, run } = useWork();
  const query = useQuery({ queryKey: ["delivery", endpoint, delivery], queryFn: ({ signal }) => client.delivery(endpoint, delivery, signal), refetchInterval: 3_000 });
  const { data } = query;
  const replay = () =>
    run("replay", async () => {
      await client.replayDelivery(endpoint, delivery);
      say("It is sent again.");
      await Promise.all([cache.invalidateQueries({ queryKey: ["deliveries", endpoint] }), cache.invalidateQueries({ queryKey: ["delivery", endpoint, delivery] })]);
    });
  return (
    <Dialog open onClose={onClose} wide title={data === undefined ? "Delivery" : data.type} text={data === undefined ? undefined : `Event ${data.event_id}`}>
      <Trouble query={query} />
      {query.isPending && (
        <Loading what="the delivery">
          <Skeleton height={240} />
        </Loading>
      )}
      {data !== undefined && (
        <>
          <div className={css["exchangeHead"]}>
            <Status look={deliveryLook(data)} pill />
            <span className={uiCss["muted"]}>{data.next_attempt_at === null || data.status !== "waiting" ? "" : `the next try ${absolute(data.next_attempt_at)}`}</span>
          </div>
          {data.attempts_log.length === 0 && <p className={uiCss["muted"]}>It has not been sent yet.</p>}
          {data.attempts_log.toReversed().map((attempt) => (
            <Exchange key={attempt.attempt} attempt={attempt} />
          ))}
          <DialogEnd>
            <Button icon="again" busy={busy !== null} busyWord="Sending …" onClick={() => void replay()}>
              Send it again
            </Button>
          </DialogEnd>
        </>
      )}
    </Dialog>
  );
}

function message(headers: Record<string, string>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [...lines, "", pretty(body)].join("\n");
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function Exchange({ attempt: { attempt, at, duration_ms, request, response, error } }: { attempt: DeliveryAttempt }) {
  return (
    <section className={css["exchange"]} aria-label={`Try ${attempt}`}>
      <div className={css["exchangeHead"]}>
        <h3>
          Try {attempt} · {response === null ? "no answer" : response.status_code}
        </h3>
        <span className={uiCss["muted"]}>
          {absolute(at)}, {Math.round(duration_ms)} ms
        </span>
      </div>
      {error !== null && <Alert kind="warn">{error}</Alert>}
      <div className={css["pair"]}>
        <div>
          <h3>Asked</h3>
          <Code wrap label={`Request of try ${attempt}`} text={`POST ${request.url}\n${message(request.headers, request.body)}`} />
        </div>
        <div>
          <h3>Answered</h3>
          {response === null ? <p className={uiCss["muted"]}>Nothing.</p> : <Code wrap label={`Response of try ${attempt}`} text={`${response.status_code}\n${message(response.headers, response.body)}`} />}
        </div>
      </div>
    </section>
  );
}
