import type { Answer } from "./api";
import type { components } from "./openapi";

/**
 * What the service answers, by the names that this client uses: aliases alone. The shapes are in openapi.ts, which the build generates from the service's openapi.yaml (`npm run types`). Times are
 * ISO-8601 in UTC, sizes in bytes, progress in percent.
 */
type Schemas = components["schemas"];

export type Time = Schemas["Time"];

export type WholeJob = Schemas["Job"];
/** A job as lists (which leave out steps, metadata, warnings and verification), its status or its own address tell it. */
export type Job = Schemas["JobSummary"] & Partial<Pick<WholeJob, "steps" | "metadata" | "warnings" | "verification">>;
export type JobStatus = Schemas["JobState"];
export type JobError = Schemas["JobError"];
export type JobPage = Answer<"get", "/videos/jobs">;
export type JobCounts = Schemas["JobCounts"];
export type Metadata = Schemas["Metadata"];
export type Output = Schemas["Output"];
export type Subtitles = Schemas["Subtitles"];

export type Step = Schemas["Step"];
export type StepStatus = Schemas["StepState"];
export type Timeline = Schemas["Timeline"];
export type TimelineStep = Schemas["TimelineStep"];
export type Attempt = Schemas["Attempt"];
export type AttemptOutcome = NonNullable<Attempt["outcome"]>;

export type Event = Schemas["Event"];
export type EventPage = Schemas["EventPage"];

export type Overview = Schemas["Overview"];
export type QueueState = Schemas["QueueFigures"];
export type WorkerState = Schemas["Worker"];
export type Doing = WorkerState["doing"][number];
export type History = Schemas["History"];
export type DeadLetter = Schemas["DeadLetter"];

export type WebhookEndpoint = Schemas["WebhookEndpoint"];
export type Delivery = Schemas["WebhookDelivery"];
export type WholeDelivery = Answer<"get", "/webhooks/{endpoint_id}/deliveries/{delivery_id}">;
export type DeliveryAttempt = Schemas["DeliveryAttempt"];

export type Key = Schemas["Key"];
export type Owner = Schemas["Owner"];
export type Me = Answer<"get", "/access/me">;
