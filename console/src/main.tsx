import { StrictMode, useCallback, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { api, Refused, session } from "./api";
import { HomePage } from "./HomePage";
import { JobPage } from "./JobPage";
import { SignIn } from "./SignIn";
import { uploads } from "./uploads";
import "./style.css";

function useHash(): string {
  const [hash, setHash] = useState(window.location.hash);
  useEffect(() => {
    const listen = () => setHash(window.location.hash);
    window.addEventListener("hashchange", listen);
    return () => window.removeEventListener("hashchange", listen);
  }, []);
  return hash;
}

function App() {
  const hash = useHash();
  const [key, setKey] = useState(session.key());
  const [reason, setReason] = useState<string | null>(null);
  const [theme, setTheme] = useState(localStorage.getItem("claimcheck.theme") ?? "");

  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("claimcheck.theme", theme);
  }, [theme]);

  const signIn = useCallback((value: string) => {
    session.signIn(value);
    setKey(value);
    setReason(null);
  }, []);

  const refused = useCallback((failure: Refused) => {
    if (failure.status === 401) {
      session.signOut();
      setKey(null);
    }
    setReason(failure.message);
  }, []);

  useEffect(() => {
    const token = /^#token=([\w-]+)$/.exec(hash)?.[1];
    if (token === undefined) return;
    history.replaceState(null, "", "/#/"); // The token works once; it need not stay in the address.
    api.exchange(token).then(signIn, (failure: Refused) => refused(failure));
  }, [hash, signIn, refused]);

  useEffect(() => {
    if (key !== null) setReason(null);
  }, [hash, key]);

  const jobId = /^#\/jobs\/([0-9a-f-]{36})$/.exec(hash)?.[1];
  return (
    <>
      <header>
        <a className="brand" href="#/">
          <img src={new URL("./ticket.svg", import.meta.url).href} alt="" width={24} height={24} /> Claimcheck
        </a>
        <nav>
          <button type="button" className="quiet" aria-label="Change between light and dark" onClick={() => setTheme(theme === "dark" ? "light" : "dark")}>
            ◐
          </button>
          {key !== null && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                uploads.stop();
                session.signOut();
                setKey(null);
              }}
            >
              Sign out
            </button>
          )}
        </nav>
      </header>
      <main>
        {key === null ? (
          <SignIn reason={reason} onKey={signIn} />
        ) : (
          <>
            {reason !== null && (
              <p className="failure" role="alert">
                {reason}
              </p>
            )}
            {jobId === undefined ? <HomePage onRefused={refused} /> : <JobPage key={jobId} id={jobId} onRefused={refused} />}
          </>
        )}
      </main>
    </>
  );
}

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
