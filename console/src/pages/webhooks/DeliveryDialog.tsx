import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import type { DeliveryAttempt } from "../../client";
import { absolute } from "../../client/words";
import { Alert, Button, Code, Dialog, DialogEnd, Loading, Skeleton, Status, uiCss } from "../../ui/ui";
import { deliveryLook } from "./looks";
import css from "./Webhooks.module.css";

/** One delivery with everything that was asked and answered. */
export function DeliveryDialog({ endpoint, delivery, onClose }: { endpoint: string; delivery: string; onClose: () => void }) {
  const cache = useQueryClient();
  const { say, complain } = useNotices();
  const { data, error } = useQuery({ queryKey: ["delivery", endpoint, delivery], queryFn: ({ signal }) => client.delivery(endpoint, delivery, signal), refetchInterval: 3_000 });
  const replay = async () => {
    try {
      await client.replayDelivery(endpoint, delivery);
      say("It is sent again.");
      await cache.invalidateQueries({ queryKey: ["deliveries", endpoint] });
      await cache.invalidateQueries({ queryKey: ["delivery", endpoint, delivery] });
    } catch (failure) {
      complain(failure);
    }
  };
  return (
    <Dialog open onClose={onClose} wide title={data === undefined ? "Delivery" : data.type} text={data === undefined ? undefined : `Event ${data.event_id}`}>
      {error !== null && <Alert>{error.message}</Alert>}
      {data === undefined && error === null && (
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
            <Button icon="again" onClick={() => void replay()}>
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
