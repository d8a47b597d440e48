import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from "@tanstack/react-query";
import { DropdownMenu, Tooltip } from "radix-ui";
import { createContext, lazy, Suspense, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { createBrowserRouter, isRouteErrorResponse, Link, NavLink, Outlet, RouterProvider, useLocation, useRouteError } from "react-router";
import { Refused } from "../client";
import { LiveProvider, useConnection } from "../live/live";
import { SignIn } from "../pages/SignIn";
import { Icon } from "../ui/Icon";
import { Alert, Button, Empty, Loading, Skeleton, uiCss } from "../ui/ui";
import css from "./App.module.css";
import { MeProvider, useMe } from "./me";
import { NoticesProvider } from "./notices";
import { client, session } from "./session";
import { setTheme, useTheme, type Theme } from "./theme";
import ticket from "./ticket.svg";
import { uploads, uploadsBelongTo } from "./uploads";

const UploadPage = lazy(() => import("../pages/upload/UploadPage"));
const JobsPage = lazy(() => import("../pages/jobs/JobsPage"));
const JobPage = lazy(() => import("../pages/job/JobPage"));
const OperationsPage = lazy(() => import("../pages/operations/OperationsPage"));
const WebhooksPage = lazy(() => import("../pages/webhooks/WebhooksPage"));
const WebhookPage = lazy(() => import("../pages/webhooks/WebhookPage"));
const KeysPage = lazy(() => import("../pages/keys/KeysPage"));

const router = createBrowserRouter([
  {
    element: <Frame />,
    errorElement: <Broken />,
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

const SignOut = createContext<() => void>(() => undefined);

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
    <main className={css["main"]}>
      <Loading what="the console">
        <Skeleton height={200} />
      </Loading>
      {unreachable && <Alert kind="warn">The service cannot be reached. Check that it runs; this page goes on by itself.</Alert>}
    </main>
  );
}

function Frame() {
  const { role } = useMe();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus(); // Another page: readers who hear it begin there.
    window.scrollTo(0, 0);
  }, [pathname]);
  return (
    <>
      <a className={css["skip"]} href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className={css["top"]}>
        <div className={css["bar"]}>
          <Link className={css["brand"] ?? ""} to="/">
            <img src={ticket} alt="" width={24} height={24} /> Claimcheck
          </Link>
          <nav className={css["nav"]} aria-label="Pages">
            <NavLink to="/" end>
              Upload
            </NavLink>
            <NavLink to="/jobs">Jobs</NavLink>
            {role === "ADMIN" && <NavLink to="/operations">Operations</NavLink>}
            <NavLink to="/hooks">Webhooks</NavLink>
            {role === "ADMIN" && <NavLink to="/keys">Keys</NavLink>}
          </nav>
          <div className={css["end"]}>
            <ThemeMenu />
            <OwnerMenu />
          </div>
        </div>
      </header>
      <main className={css["main"]} id="main" ref={main} tabIndex={-1}>
        <Suspense
          fallback={
            <Loading what="the page">
              <Skeleton height={240} />
            </Loading>
          }
        >
          <Outlet />
        </Suspense>
      </main>
      <Connection />
    </>
  );
}

const THEMES: [Theme, string][] = [
  ["system", "As the system"],
  ["light", "Light"],
  ["dark", "Dark"],
];

function ThemeMenu() {
  const theme = useTheme();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button kind="quiet" icon="sun" aria-label="Light or dark" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={uiCss["menu"] ?? ""} align="end" sideOffset={4}>
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {THEMES.map(([value, word]) => (
              <DropdownMenu.RadioItem key={value} value={value} className={uiCss["menuItem"] ?? ""}>
                <span>{word}</span>
                <DropdownMenu.ItemIndicator>
                  <Icon name="tick" />
                </DropdownMenu.ItemIndicator>
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function OwnerMenu() {
  const signOut = useContext(SignOut);
  const { owner, role } = useMe();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button kind="quiet" icon="person">
          <span className={css["owner"]}>
            <bdi>{owner}</bdi>
          </span>
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={uiCss["menu"] ?? ""} align="end" sideOffset={4}>
          <div className={uiCss["menuLabel"]}>
            Signed in as <bdi>{owner}</bdi>
            {role === "ADMIN" ? ", who looks after everything" : ""}
          </div>
          <div className={uiCss["menuLine"]} />
          <DropdownMenu.Item asChild className={uiCss["menuItem"] ?? ""}>
            <a href="/docs">API reference</a>
          </DropdownMenu.Item>
          <DropdownMenu.Item className={uiCss["menuItem"] ?? ""} onSelect={signOut}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Only said when it is not as it should be, and not for a moment's cut. */
function Connection() {
  const state = useConnection();
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    const timer = window.setTimeout(() => setLate(true), 3_000);
    return () => window.clearTimeout(timer);
  }, [state]);
  const text = state === "away" && late ? "The service cannot be reached. What you see may be old; it goes on by itself." : null;
  return (
    <div role="status" aria-live="polite">
      {text !== null && <div className={css["connection"]}>{text}</div>}
    </div>
  );
}

function Nowhere() {
  return (
    <Empty icon="search" title="There is nothing at this address">
      <p>It may have been moved or mistyped. Your videos are all in the list of jobs.</p>
      <Link to="/jobs">To the jobs</Link>
    </Empty>
  );
}

/** A fault of the page itself: it says so and offers a way on. */
function Broken() {
  const failure = useRouteError();
  const text = isRouteErrorResponse(failure) ? failure.statusText : failure instanceof Error ? failure.message : String(failure);
  return (
    <main className={css["main"]}>
      <Empty icon="warn" title="This page has a fault">
        <p>The service itself and your uploads are not touched by it. Reload the page; if it happens again, report this line:</p>
        <code>{text}</code>
        <Button kind="primary" onClick={() => window.location.reload()}>
          Reload
        </Button>
      </Empty>
    </main>
  );
}
