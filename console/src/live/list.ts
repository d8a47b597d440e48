import type { InfiniteData } from "@tanstack/react-query";
import type { Job, JobPage, JobStatus } from "../client";

/** The jobs list as the query cache has it: pages of the service, the newest job first. All functions here are pure. */
export type JobList = InfiniteData<JobPage, string | null>;

/** Every job once, in order. */
export function flat(list: JobList | undefined): Job[] {
  if (list === undefined) return [];
  const seen = new Set<string>();
  return list.pages.flatMap((page) =>
    page.jobs.filter(({ job_id }) => {
      if (seen.has(job_id)) return false;
      seen.add(job_id);
      return true;
    }),
  );
}

/** The list with what is newly known of some jobs; the same object where that is nothing. Jobs that no longer fit the filter leave. */
export function patched(list: JobList, news: Map<string, Job>, statuses: readonly JobStatus[]): JobList {
  let changed = false;
  const pages = list.pages.map((page) => {
    if (!page.jobs.some(({ job_id }) => news.has(job_id))) return page;
    changed = true;
    const jobs = page.jobs.map((job) => {
      const one = news.get(job.job_id);
      return one === undefined ? job : { ...job, ...one };
    });
    return { ...page, jobs: jobs.filter(({ status }) => statuses.length === 0 || statuses.includes(status)) };
  });
  return changed ? { ...list, pages } : list;
}

/** Puts a page read anew in the place of the one known. Newer jobs push older ones down, which stay; what is gone from where the new page reaches leaves. */
export function replaced(list: JobList, index: number, fresh: JobPage): JobList {
  const old = list.pages[index];
  if (old === undefined) return list;
  const last = fresh.jobs.at(-1)?.job_id;
  const older = fresh.next_cursor === null || last === undefined ? [] : old.jobs.filter(({ job_id }) => job_id < last);
  const elsewhere = new Set(list.pages.flatMap((page, at) => (at > index ? page.jobs.map(({ job_id }) => job_id) : [])));
  const page = { jobs: [...fresh.jobs.filter(({ job_id }) => !elsewhere.has(job_id)), ...older], next_cursor: older.length > 0 || index < list.pages.length - 1 ? old.next_cursor : fresh.next_cursor };
  return { ...list, pages: list.pages.map((one, at) => (at === index ? page : one)) };
}

/** The list with this job: in its place, or, where it is newer than all, on top. */
export function withJob(list: JobList, job: Job, statuses: readonly JobStatus[]): JobList {
  const known = patched(list, new Map([[job.job_id, job]]), statuses);
  if (known !== list || (statuses.length > 0 && !statuses.includes(job.status))) return known;
  const [first, ...others] = list.pages;
  if (first === undefined || (first.jobs[0] !== undefined && first.jobs[0].job_id > job.job_id)) return list;
  return { ...list, pages: [{ ...first, jobs: [job, ...first.jobs] }, ...others] };
}

/** The list without these jobs. */
export function without(list: JobList, gone: ReadonlySet<string>): JobList {
  return { ...list, pages: list.pages.map((page) => ({ ...page, jobs: page.jobs.filter(({ job_id }) => !gone.has(job_id)) })) };
}

/** Which pages have one of these jobs. */
export function pagesWith(list: JobList, jobs: { has(id: string): boolean }): number[] {
  return list.pages.flatMap((page, index) => (page.jobs.some(({ job_id }) => jobs.has(job_id)) ? [index] : []));
}
