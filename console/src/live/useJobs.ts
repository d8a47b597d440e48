import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { client } from "../app/session";
import { Refused, type Job, type JobStatus } from "../client";
import type { Batch } from "./coalescer";
import { flat, pagesWith, replaced, withJob, type JobList } from "./list";
import { useBatches, useInterval } from "./live";
import type { Asked } from "../ui/loading";

const PAGE = 100;
/** A page of the list is read anew at most so often, however much happens. */
const REFRESH_MS = 1_000;

export interface JobsFilter {
  status: readonly JobStatus[];
  q: string;
  owner?: string;
}

export interface Jobs {
  jobs: Job[];
  more: boolean;
  loading: boolean;
  /** What went wrong at reading it, and how to try again. */
  asked: Asked;
  fetchMore: () => void;
  /** What is on the screen: only this is read anew when something happened to it. */
  look: (ids: readonly string[]) => void;
  refresh: () => void;
}

/** The list, live: progress is patched in; pages on the screen that something happened to are read anew, others when they come into sight. */
export function useJobs(filter: JobsFilter): Jobs {
  const cache = useQueryClient();
  const key = useMemo(() => ["jobs", filter] as const, [filter]);
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => client.jobs({ status: filter.status, q: filter.q, ...(filter.owner === undefined ? {} : { owner: filter.owner }), cursor: pageParam, limit: PAGE }, signal),
    getNextPageParam: (page) => page.next_cursor,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const visible = useRef<ReadonlySet<string>>(new Set());
  const dirty = useRef(new Set<string>());
  const newest = useRef(false);
  const timer = useRef<number | null>(null);

  const refreshSoon = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      void (async () => {
        const list = cache.getQueryData<JobList>(key);
        const pages = new Set<number>();
        let worked = true;
        if (list !== undefined) {
          const seen = new Set([...dirty.current].filter((id) => visible.current.has(id)));
          pagesWith(list, seen).forEach((page) => pages.add(page));
          if (newest.current) pages.add(0);
          newest.current = false;
          for (const page of pages) worked = (await refreshPage(page)) && worked;
        }
        timer.current = null;
        if (!worked) return; // The connection says what is wrong; it is asked again with the next event or the next interval.
        if (newest.current || [...dirty.current].some((id) => visible.current.has(id))) refreshSoon();
      })();
    }, REFRESH_MS);

    async function refreshPage(index: number): Promise<boolean> {
      const before = cache.getQueryData<JobList>(key);
      const old = before?.pages[index];
      if (before === undefined || old === undefined) return true;
      old.jobs.forEach(({ job_id }) => dirty.current.delete(job_id));
      try {
        const fresh = await client.jobs({ status: filter.status, q: filter.q, ...(filter.owner === undefined ? {} : { owner: filter.owner }), cursor: before.pageParams[index] ?? null, limit: PAGE });
        cache.setQueryData<JobList>(key, (list) => (list === undefined ? list : replaced(list, index, fresh)));
        return true;
      } catch (failure) {
        if (!(failure instanceof Refused)) throw failure;
        old.jobs.forEach(({ job_id }) => dirty.current.add(job_id));
        return false;
      }
    }
  }, [cache, key, filter]);

  useBatches(
    useCallback(
      ({ changed }: Batch) => {
        if (changed.size === 0) return;
        for (const [id, types] of changed) {
          dirty.current.add(id);
          // A job that is new, or that may fit the filter by now, belongs on the first page.
          if ([...types].some((type) => type.startsWith("job.") || type.startsWith("upload."))) newest.current = true;
        }
        if (dirty.current.size > 20_000) dirty.current = new Set(visible.current);
        refreshSoon();
      },
      [refreshSoon],
    ),
  );
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
      timer.current = null;
    },
    [refreshSoon],
  );
  // What happened while nobody looked at this list is not known: all of it is read anew as it comes into sight.
  useEffect(() => {
    const known = cache.getQueryData<JobList>(key);
    if (known === undefined) return;
    flat(known).forEach(({ job_id }) => dirty.current.add(job_id));
    newest.current = true;
    refreshSoon();
  }, [cache, key, refreshSoon]);
  const refresh = useCallback(() => {
    newest.current = true;
    visible.current.forEach((id) => dirty.current.add(id));
    refreshSoon();
  }, [refreshSoon]);
  const every = useInterval(5_000);
  useEffect(() => {
    const interval = window.setInterval(refresh, every);
    return () => window.clearInterval(interval);
  }, [refresh, every]);

  const look = useCallback(
    (ids: readonly string[]) => {
      visible.current = new Set(ids);
      if (ids.some((id) => dirty.current.has(id))) refreshSoon();
    },
    [refreshSoon],
  );
  const jobs = useMemo(() => flat(query.data as JobList | undefined), [query.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError, refetch } = query;
  const fetchMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  // What failed is asked for again, not all that was loaded before.
  const asked = { error: query.error, data: query.data, dataUpdatedAt: query.dataUpdatedAt, isFetching: query.isFetching, refetch: isFetchNextPageError ? fetchNextPage : refetch };
  return { jobs, more: hasNextPage, loading: query.isPending, asked, fetchMore, look, refresh };
}

/** How many jobs there are of each kind; counted anew at most every two seconds. */
export function useCounts(q: string, owner?: string) {
  const cache = useQueryClient();
  const timer = useRef<number | null>(null);
  useBatches(
    useCallback(
      ({ changed }: Batch) => {
        if (![...changed.values()].some((types) => [...types].some((type) => type.startsWith("job.") || type.startsWith("upload.")))) return;
        timer.current ??= window.setTimeout(() => {
          timer.current = null;
          void cache.invalidateQueries({ queryKey: ["counts"] });
        }, 2_000);
      },
      [cache],
    ),
  );
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
  return useQuery({
    queryKey: ["counts", q, owner ?? ""],
    queryFn: ({ signal }) => client.counts({ q, ...(owner === undefined ? {} : { owner }) }, signal),
    refetchInterval: useInterval(5_000),
    placeholderData: (known) => known,
  });
}

/** Puts a job into every list that it belongs to, at once. */
export function putJob(cache: QueryClient, job: Job): void {
  for (const { queryKey } of cache.getQueryCache().findAll({ queryKey: ["jobs"] })) {
    const { status, q } = queryKey[1] as JobsFilter;
    cache.setQueryData<JobList>(queryKey, (list) => (list === undefined || q !== "" ? list : withJob(list, job, status)));
  }
}
