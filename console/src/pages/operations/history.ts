import type { History } from "../../client";

/** One queue over time, ready to be drawn. Rates are per minute. */
export interface QueueHistory {
  times: number[];
  waiting: (number | null)[];
  running: (number | null)[];
  lag: (number | null)[];
  started: (number | null)[];
  finished: (number | null)[];
  failed: (number | null)[];
}

const MOST_POINTS = 360;

/** The columns of one queue. Of many points, some are put together: more than the chart has pixels would only cost time. Pure. */
export function ofQueue(history: History, queue: string): QueueHistory {
  const every = Math.max(1, Math.ceil(history.points.length / MOST_POINTS));
  const result: QueueHistory = { times: [], waiting: [], running: [], lag: [], started: [], finished: [], failed: [] };
  for (let at = 0; at < history.points.length; at += every) {
    const points = history.points.slice(at, at + every);
    const known = points.flatMap((point) => (point.queues[queue] === undefined ? [] : [point.queues[queue]]));
    const most = (values: number[]) => (values.length === 0 ? null : Math.max(...values));
    const perMinute = (pick: (point: (typeof known)[number]) => number) =>
      known.length === 0 ? null : (60 * known.reduce((sum, point) => sum + pick(point), 0)) / (known.length * history.resolution_seconds);
    result.times.push(Date.parse(points.at(-1)?.at ?? "") / 1000);
    result.waiting.push(most(known.map((point) => point.waiting)));
    result.running.push(most(known.map((point) => point.running)));
    result.lag.push(most(known.map((point) => point.oldest_wait_seconds)));
    result.started.push(perMinute((point) => point.started));
    result.finished.push(perMinute((point) => point.finished));
    result.failed.push(perMinute((point) => point.failed));
  }
  return result;
}

/** All queues together, point by point. */
export function together(history: History, pick: (queue: History["points"][number]["queues"][string]) => number, how: "sum" | "most"): number[] {
  return history.points.map(({ queues }) => Object.values(queues).reduce((all, queue) => (how === "sum" ? all + pick(queue) : Math.max(all, pick(queue))), 0));
}
