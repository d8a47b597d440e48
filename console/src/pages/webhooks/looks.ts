import type { Delivery, WebhookEndpoint } from "../../client";
import type { Look } from "../../ui/status";

export function endpointLook({ status, circuit }: WebhookEndpoint): Look {
  if (status === "disabled") return { word: "Disabled", tone: "failed", shape: "pause" };
  switch (circuit) {
    case "closed":
      return { word: "Enabled", tone: "done", shape: "tick" };
    case "open":
      return { word: "Held back after failures", tone: "retrying", shape: "warn" };
    case "half_open":
      return { word: "Being tried again", tone: "retrying", shape: "again" };
  }
}

export function deliveryLook({ status, attempts }: Delivery): Look {
  switch (status) {
    case "succeeded":
      return { word: "Delivered", tone: "done", shape: "tick" };
    case "failed":
      return { word: "Given up", tone: "failed", shape: "cross" };
    case "waiting":
      return attempts === 0 ? { word: "Waiting", tone: "waiting", shape: "ring" } : { word: "To be tried again", tone: "retrying", shape: "again" };
  }
}

/** What an endpoint can ask for; "job.*" takes all of a kind, "*" everything. */
export const EVENT_TYPES = [
  "*",
  "job.*",
  "job.created",
  "job.playable",
  "job.completed",
  "job.failed",
  "job.cancelled",
  "job.expired",
  "job.deleted",
  "step.*",
  "upload.*",
] as const;
