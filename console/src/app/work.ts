import { useCallback, useRef, useState, type FormEvent } from "react";
import { Refused } from "../client";
import { useNotices } from "./notices";

export interface Work {
  /** The name of the action under way; its button says so. */
  busy: string | null;
  /** Does it, unless something is under way already; says why it was refused. Gives whether it was done. */
  run: (name: string, action: () => Promise<unknown>) => Promise<boolean>;
}

/** Actions of one place, one at a time: on a slow network a second click sends nothing. */
export function useWork(): Work {
  const { complain } = useNotices();
  const [busy, setBusy] = useState<string | null>(null);
  const under = useRef(false);
  const run = useCallback(
    async (name: string, action: () => Promise<unknown>) => {
      if (under.current) return false;
      under.current = true;
      setBusy(name);
      try {
        await action();
        return true;
      } catch (failure) {
        complain(failure);
        return false;
      } finally {
        under.current = false;
        setBusy(null);
      }
    },
    [complain],
  );
  return { busy, run };
}

/** A form that is sent once however often it is submitted, and says where it was typed why it was refused. */
export function useForm(send: () => Promise<unknown>, onDone: () => void): { trouble: string | null; busy: boolean; submit: (event: FormEvent) => void } {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const under = useRef(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (under.current) return;
    under.current = true;
    setBusy(true);
    setTrouble(null);
    void send()
      .then(onDone, (failure: unknown) => {
        if (!(failure instanceof Refused)) throw failure;
        setTrouble(failure.message);
      })
      .finally(() => {
        under.current = false;
        setBusy(false);
      });
  };
  return { trouble, busy, submit };
}
