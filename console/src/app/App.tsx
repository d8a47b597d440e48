import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { Tooltip } from "radix-ui";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { createBrowserRouter, RouterProvider } from "react-router";
import { Refused } from "../client";
import { LiveProvider } from "../live/live";
import { SignIn } from "../pages/SignIn";
import { Loading, Skeleton } from "../ui/loading";
import { Alert } from "../ui/ui";
import css from "./App.module.css";
import { Brand, Broken, Frame, Nowhere, SignOut } from "./Frame";
import { later } from "./later";
import { MeProvider } from "./me";
import { NoticesProvider } from "./notices";
import { client, session } from "./session";
import { uploads, uploadsBelongTo } from "./uploads";

const UploadPage = later("This page", () => import("../pages/upload/UploadPage"));
const JobsPage = later("This page", () => import("../pages/jobs/JobsPage"));
const JobPage = later("This page", () => import("../pages/job/JobPage"));
const OperationsPage = later("This page", () => import("../pages/operations/OperationsPage"));
const WebhooksPage = later("This page", () => import("../pages/webhooks/WebhooksPage"));
const WebhookPage = later("This page", () => import("../pages/webhooks/WebhookPage"));
const KeysPage = later("This page", () => import("../pages/keys/KeysPage"));

const router = createBrowserRouter([
  {
    element: <Frame />,
    children: [
      {
        errorElement: <Broken />, // Inside of the frame: the way to the other pages stays.
        children: [
          { index: true, element: <UploadPage /> },
          { path: "jobs", element: <JobsPage /> },
          { path: "jobs/:id", element: <JobPage /> },
          { path: "operations", element: <OperationsPage /> },
          { path: "hooks", element: <WebhooksPage /> },
          { path: "hooks/:id", element: <WebhookPage /> },
          { path: "keys", element: <KeysPage /> },
          { path: "*", element: <Nowhere /> },
        ],
      },
    ],
  },
]);

function newCache(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (failures, failure) => failure instanceof Refused && failure.passing && failures < 3,
        retryDelay: (failures) => Math.min(10_000, 500 * 2 ** failures),
        staleTime: 2_000,
      },
    },
  });
}

/** The whole console: who is signed in, then the pages. */
export function App() {
  const [key, setKey] = useState(session.key);
  const [reason, setReason] = useState<string | null>(null);
  const cache = useMemo(newCache, [key]); // Whoever signs in next sees nothing of the one before.

  const signIn = useCallback((value: string, stay: boolean) => {
    session.signIn(value, stay);
    setReason(null);
    setKey(value);
  }, []);
  const signOut = useCallback((why: string | null) => {
    uploads.stop();
    session.signOut();
    setReason(why);
    setKey(null);
  }, []);

  useEffect(() => {
    const take = () => {
      const token = /^#token=([\w-]+)$/.exec(window.location.hash)?.[1];
      if (token === undefined) return;
      history.replaceState(null, "", window.location.pathname); // The token works once; it need not stay in the address.
      client.exchange(token).then(
        ({ key: found }) => signIn(found, false),
        (failure: unknown) => {
          if (!(failure instanceof Refused)) throw failure;
          setReason(failure.message);
        },
      );
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, [signIn]);

  return (
    <Tooltip.Provider delayDuration={300}>
      {key === null ? (
        <SignIn reason={reason} onKey={signIn} />
      ) : (
        <QueryClientProvider client={cache}>
          <NoticesProvider>
            <SignedIn onSignOut={signOut}>
              <RouterProvider router={router} />
            </SignedIn>
          </NoticesProvider>
        </QueryClientProvider>
      )}
    </Tooltip.Provider>
  );
}

function SignedIn({ onSignOut, children }: { onSignOut: (why: string | null) => void; children: ReactNode }) {
  const { data: me, error } = useQuery({ queryKey: ["me"], queryFn: client.me, staleTime: Infinity, retry: (_, failure) => failure instanceof Refused && failure.passing });
  const refused = useCallback((failure: Refused) => failure.status === 401 && onSignOut(failure.message), [onSignOut]);
  useEffect(() => {
    if (error instanceof Refused && error.status === 401) onSignOut(error.message);
  }, [error, onSignOut]);
  useRefusals(refused);
  useEffect(() => {
    if (me !== undefined) uploadsBelongTo(me.owner);
  }, [me]);
  const signOut = useCallback(() => onSignOut(null), [onSignOut]);
  if (me === undefined) return <Opening unreachable={error instanceof Refused && error.passing} />;
  return (
    <MeProvider value={me}>
      <SignOut value={signOut}>
        <LiveProvider onRefused={refused}>{children}</LiveProvider>
      </SignOut>
    </MeProvider>
  );
}

/** A key may be taken away at any time: the first answer that says so signs out. */
function useRefusals(refused: (failure: Refused) => void): void {
  const cache = useQueryClient();
  useEffect(
    () =>
      cache.getQueryCache().subscribe((event) => {
        const failure = event.query.state.error;
        if (event.type === "updated" && event.action.type === "error" && failure instanceof Refused) refused(failure);
      }),
    [cache, refused],
  );
}

function Opening({ unreachable }: { unreachable: boolean }) {
  return (
    <>
      <header className={css["top"]}>
        <div className={css["bar"]}>
          <Brand />
          <div className={css["nav"]} />
        </div>
      </header>
      <main className={css["main"]}>
        <Loading what="the console">
          <Skeleton height={200} />
        </Loading>
        {unreachable && <Alert kind="warn">The service cannot be reached. Check that it runs; this page goes on by itself.</Alert>}
      </main>
    </>
  );
}
