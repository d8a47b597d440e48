import { DropdownMenu } from "radix-ui";
import { createContext, Suspense, useContext, useEffect, useRef, useState } from "react";
import { isRouteErrorResponse, Link, NavLink, Outlet, useLocation, useRouteError } from "react-router";
import { useConnection } from "../live/live";
import { Icon } from "../ui/Icon";
import { Loading, Skeleton } from "../ui/loading";
import { Button, Empty, uiCss } from "../ui/ui";
import css from "./App.module.css";
import { useMe } from "./me";
import { setTheme, useTheme, type Theme } from "./theme";
import ticket from "./ticket.svg";

/** How to sign out; the menu asks for it. */
export const SignOut = createContext<() => void>(() => undefined);

const TITLES: Record<string, string> = { "": "Upload", jobs: "Jobs", operations: "Operations", hooks: "Webhooks", keys: "Keys" };

/** What is around every page. */
export function Frame() {
  const { role } = useMe();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    const title = TITLES[pathname.split("/")[1] ?? ""];
    document.title = title === undefined ? "Claimcheck" : `${title} · Claimcheck`;
  }, [pathname]);
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
          <Link className={css["home"] ?? ""} to="/">
            <Brand />
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

export function Brand() {
  return (
    <span className={css["brand"]}>
      <img src={ticket} alt="" width={24} height={24} /> Claimcheck
    </span>
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

export function Nowhere() {
  return (
    <Empty icon="search" title="There is nothing at this address">
      <p>It may have been moved or mistyped. Your videos are all in the list of jobs.</p>
      <Link to="/jobs">To the jobs</Link>
    </Empty>
  );
}

/** A fault of the page itself: it says so and offers a way on. */
export function Broken() {
  const failure = useRouteError();
  const text = isRouteErrorResponse(failure) ? failure.statusText : failure instanceof Error ? failure.message : String(failure);
  return (
    <Empty icon="warn" title="This page has a fault">
      <p>The service itself and your uploads are not touched by it. Reload the page; if it happens again, report this line:</p>
      <code>{text}</code>
      <Button kind="primary" onClick={() => window.location.reload()}>
        Reload
      </Button>
    </Empty>
  );
}
