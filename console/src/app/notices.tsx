import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Refused } from "../client";
import { Alert, Button } from "../ui/ui";
import css from "./App.module.css";

interface Notice {
  id: number;
  kind: "failed" | "note";
  text: string;
}

interface Notices {
  say: (text: string) => void;
  /** Shows why an action did not work. Errors that are no refusals are faults of the page, and go on. */
  complain: (failure: unknown) => void;
}

const Context = createContext<Notices | null>(null);

export function useNotices(): Notices {
  const notices = useContext(Context);
  if (notices === null) throw new Error("there is no NoticesProvider around this");
  return notices;
}

export function NoticesProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Notice[]>([]);
  const counter = useRef(0);
  const add = useCallback((kind: Notice["kind"], text: string) => {
    const id = ++counter.current;
    setShown((all) => [...all.filter((one) => one.text !== text), { id, kind, text }].slice(-3));
    return id;
  }, []);
  const drop = useCallback((id: number) => setShown((all) => all.filter((one) => one.id !== id)), []);
  const notices = useMemo<Notices>(
    () => ({
      say: (text) => void add("note", text),
      complain: (failure) => {
        if (!(failure instanceof Refused)) throw failure;
        add("failed", failure.message);
      },
    }),
    [add],
  );
  return (
    <Context value={notices}>
      {children}
      <section className={css["toast"]} aria-label="Notices">
        {shown.map((notice) => (
          <Toast key={notice.id} notice={notice} onClose={() => drop(notice.id)} />
        ))}
      </section>
    </Context>
  );
}

function Toast({ notice, onClose }: { notice: Notice; onClose: () => void }) {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (notice.kind === "failed") return undefined; // What went wrong stays until it was read.
    const timer = window.setTimeout(() => close.current(), 6_000);
    return () => window.clearTimeout(timer);
  }, [notice]);
  return (
    <Alert kind={notice.kind} action={<Button kind="quiet" small icon="cross" aria-label="Dismiss" onClick={onClose} />}>
      {notice.text}
    </Alert>
  );
}
