import { useEffect, useState, type ReactNode } from "react";
import { Ago, Alert, Button, uiCss as css } from "./ui";

/** A grey place as large as what will be there. */
export function Skeleton({ height, width = "100%" }: { height: number; width?: number | string }) {
  return <div className={css["skeleton"]} style={{ height, width }} aria-hidden="true" />;
}

const LONG_MS = 6_000;

/** Grey places and, on top of them, what is being waited for. What comes quickly is not announced first. */
export function Loading({ what, children }: { what: string; children: ReactNode }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), LONG_MS);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" className={css["loading"]}>
      {children}
      <p className={css["loadingWords"]} role="status">
        {long ? `Still loading ${what}: the network or the service is slow …` : `Loading ${what} …`}
      </p>
    </div>
  );
}

/** What of a query is needed to tell of its trouble. */
export interface Asked {
  error: Error | null;
  data: unknown;
  dataUpdatedAt: number;
  isFetching: boolean;
  refetch: () => Promise<unknown>;
}

/** Why something could not be read, and the way on; what is shown of it from before is said to be old. */
export function Trouble({ query: { error, data, dataUpdatedAt, isFetching, refetch } }: { query: Asked }) {
  if (error === null) return null;
  const again = (
    <Button small busy={isFetching} busyWord="Trying …" onClick={() => void refetch()}>
      Try again
    </Button>
  );
  if (data === undefined) return <Alert action={again}>{error.message}</Alert>;
  return (
    <Alert kind="warn" action={again}>
      <span>
        What you see is from <Ago at={new Date(dataUpdatedAt).toISOString()} />. {error.message}
      </span>
    </Alert>
  );
}

/** The end of a list that has more. */
export function ShowMore({ query: { hasNextPage, isFetchingNextPage, fetchNextPage } }: { query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> } }) {
  if (!hasNextPage) return null;
  return (
    <div className={css["more"]}>
      <Button small busy={isFetchingNextPage} busyWord="Loading …" onClick={() => void fetchNextPage()}>
        Show more
      </Button>
    </div>
  );
}
