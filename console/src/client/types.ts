/**
 * What the service answers, as its documentation has it. These are plain types; nothing of them is in the built file. They are written by hand until they can be
 * generated (`npm run types`) from the service's openapi.yaml, and are imported from here alone.
 */

export type JobStatus = "UPLOADING" | "PENDING" | "IN_PROGRESS" | "COMPLETED" | "FAILED" | "CANCELLED" | "EXPIRED";
export type StepStatus = "WAITING" | "READY" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED" | "SKIPPED";

/** Times are ISO-8601 in UTC, sizes in bytes, progress in percent. */
export type Time = string;

export interface Problem {
  code: string;
  message: string;
  detail?: string | null;
  step?: string;
}

export interface Step {
  name: string;
  queue: string;
  status: StepStatus;
  required: boolean;
  attempt: number;
  progress: number;
  products?: { made: number; reused: number };
  message?: string;
  started_at?: Time;
  finished_at?: Time;
  retry_at?: Time;
  error?: Problem;
}

export interface Subtitles {
  language: string;
  name: string;
  forced: boolean;
  url: string;
}

export interface Output {
  path: string;
  size: number;
  content_type: string;
  url: string;
}

export type Metadata = Record<string, unknown>;

/** A job as lists and the status tell it. */
export interface Job {
  job_id: string;
  status: JobStatus;
  filename: string;
  created_at: Time;
  updated_at?: Time;
  finished_at?: Time;
  /** Only for admins. */
  owner?: string;
  progress?: number;
  message?: string;
  estimated_completion?: Time | null;
  estimated_completion_p90?: Time | null;
  queue_position?: number;
  video_url?: string;
  dash_url?: string;
  download_url?: string;
  thumbnail_url?: string;
  storyboard_url?: string;
  waveform_url?: string;
  subtitles?: Subtitles[];
  error?: Problem;
  retry_allowed?: boolean;
  steps?: Step[];
  metadata?: Metadata | null;
  warnings?: { message: string; code?: string; step?: string }[];
  verification?: Record<string, unknown> | null;
}

/** The whole job. */
export interface WholeJob extends Job {
  started_at?: Time;
  profile?: string;
  priority?: string;
  size?: number;
  attempt?: number;
  content_type?: string | null;
  options?: Record<string, unknown>;
  outputs?: Output[];
}

export interface JobPage {
  jobs: Job[];
  next_cursor: string | null;
}

export interface JobCounts {
  counts: Partial<Record<JobStatus, number>>;
  total: number;
}

export type AttemptOutcome = "succeeded" | "failed" | "retrying" | "released" | "lease_expired" | "cancelled";

export interface Attempt {
  attempt: number;
  worker: string;
  host: string | null;
  started_at: Time;
  finished_at: Time | null;
  outcome: AttemptOutcome | null;
  progress: number;
  message: string | null;
  error: Problem | null;
  log: string | null;
}

export interface TimelineStep {
  name: string;
  queue: string;
  status: StepStatus;
  required: boolean;
  depends_on: string[];
  ready_at: Time | null;
  attempts: Attempt[];
  /** The first ten by path. */
  outputs: Output[];
  output_count?: number;
  output_bytes?: number;
}

export interface Timeline {
  job_id: string;
  created_at: Time;
  now: Time;
  steps: TimelineStep[];
}

export interface Event {
  id: string;
  type: string;
  /** Null of what has no job, such as `webhook.disabled`. */
  job_id: string | null;
  at: Time;
  data: Record<string, unknown>;
}

export interface EventPage {
  events: Event[];
  next: string;
}

export interface QueueState {
  queue: string;
  waiting: number;
  delayed: number;
  running: number;
  capacity: number;
  oldest_wait_seconds: number | null;
  started_per_minute: number;
  finished_per_minute: number;
  lag_seconds: number | null;
}

export interface Doing {
  job_id: string;
  filename: string;
  owner: string;
  step: string;
  queue: string;
  attempt: number;
  started_at: Time;
  progress: number;
  message: string | null;
}

export interface WorkerState {
  worker: string;
  host: string;
  queues: Record<string, number>;
  /** `leaving` ends what it has, `silent` vanished. */
  state: "alive" | "leaving" | "silent";
  started_at: Time;
  seen_at: Time;
  doing: Doing[];
}

export interface Overview {
  at: Time;
  waiting: number;
  running: number;
  oldest_wait_seconds: number | null;
  done_last_hour: number;
  failed_last_hour: number;
  degradation: { level: "normal" | "degraded" | "critical"; reasons: string[] };
  queues: QueueState[];
  workers: WorkerState[];
  storage: { kind: "files" | "s3"; free_bytes: number | null; promised_bytes: number; stored_bytes: number; jobs: number; objects: number };
}

export interface HistoryPoint {
  at: Time;
  queues: Record<string, { waiting: number; running: number; oldest_wait_seconds: number | null; started: number; finished: number; failed: number }>;
}

export interface History {
  resolution_seconds: number;
  points: HistoryPoint[];
}

export interface DeadLetter {
  job_id: string;
  owner: string;
  filename: string;
  step: string;
  queue: string;
  attempts: number;
  failed_at: Time;
  error: Problem;
  retry_allowed: boolean;
}

export interface WebhookEndpoint {
  endpoint_id: string;
  url: string;
  description: string | null;
  events: string[];
  status: "enabled" | "disabled";
  disabled_reason: string | null;
  circuit: "closed" | "open" | "half_open";
  created_at: Time;
  updated_at: Time;
  last_delivery_at: Time | null;
  last_status_code: number | null;
  delivered_24h: number;
  failed_24h: number;
  waiting: number;
  secrets: { created_at: Time; expires_at: Time | null }[];
}

export interface Delivery {
  delivery_id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  job_id: string | null;
  status: "waiting" | "succeeded" | "failed";
  attempts: number;
  created_at: Time;
  next_attempt_at: Time | null;
  finished_at: Time | null;
  last_status_code: number | null;
  last_error: string | null;
}

export interface DeliveryAttempt {
  attempt: number;
  at: Time;
  duration_ms: number;
  request: { url: string; headers: Record<string, string>; body: string };
  response: { status_code: number; headers: Record<string, string>; body: string } | null;
  error: string | null;
}

export interface WholeDelivery extends Delivery {
  attempts_log: DeliveryAttempt[];
}

export interface Key {
  key_id: string;
  owner: string;
  name: string;
  role: string;
  created_at: Time;
  expires_at: Time | null;
  last_used_at?: Time | null;
}

export interface Owner {
  owner: string;
  keys: number;
  open_jobs: number;
  running_steps: number;
  jobs: number;
  stored_bytes: number;
  last_activity_at: Time | null;
}

export interface Me {
  owner: string;
  role: "ADMIN" | "OWNER";
}
