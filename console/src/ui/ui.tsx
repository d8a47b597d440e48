import { useEffect, useId, useRef, useState, type ButtonHTMLAttributes, type InputHTMLAttributes, type ReactNode } from "react";
import { Dialog as RadixDialog, Tooltip } from "radix-ui";
import { Link } from "react-router";
import { absolute, ago } from "../client/words";
import { Icon, type IconName } from "./Icon";
import type { Look } from "./status";
import css from "./ui.module.css";

export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

interface ButtonLooks {
  kind?: "primary" | "quiet" | "plain";
  danger?: boolean;
  small?: boolean;
  icon?: IconName;
}

export function buttonClass({ kind = "plain", danger = false, small = false }: ButtonLooks, iconOnly = false): string {
  return classes(css["button"], kind === "primary" && css["primary"], kind === "quiet" && css["quiet"], danger && css["danger"], small && css["small"], iconOnly && css["icon"]);
}

interface ButtonProps extends ButtonLooks, ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it did is under way: it says so and takes no second click, but keeps its place, its size and the focus. */
  busy?: boolean;
  /** What it says meanwhile, such as "Deleting …". */
  busyWord?: string;
}

export function Button({ kind = "plain", danger = false, small = false, icon, children, className, busy = false, busyWord, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      className={classes(buttonClass({ kind, danger, small }, children === undefined), className)}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      {busyWord === undefined ? (
        children
      ) : (
        <span className={css["words"]} data-busy={busy || undefined}>
          <span>{children}</span>
          <span>{busyWord}</span>
        </span>
      )}
    </button>
  );
}

/** One status: a word, a shape and a colour, never colour alone. */
export function Status({ look, pill = false }: { look: Look; pill?: boolean }) {
  return (
    <span className={classes(css["status"], css[`tone-${look.tone}`], pill && css["pill"])}>
      <Icon name={look.shape} size={14} />
      {look.word}
    </span>
  );
}

export function Bar({ percent, label, upload = false }: { percent: number; label: string; upload?: boolean }) {
  return <progress className={classes(css["bar"], upload && css["barUpload"])} max={100} value={Math.min(100, Math.max(0, percent))} aria-label={label} />;
}

/** A relative time, with the absolute one on hover; it grows older by itself. */
export function Ago({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={absolute(at)}>
      {ago(at, now)}
    </time>
  );
}

/** The time, again and again. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return now;
}

export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={css["tip"] ?? ""} sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // Without a secure connection browsers have no clipboard for pages.
  }
}

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return [
    copied,
    (text) =>
      void copyText(text).then((worked) => {
        setCopied(worked);
        timer.current = window.setTimeout(() => setCopied(false), 1_500);
      }),
  ];
}

/** The claim check's short number: people read it out, a click copies the whole. */
export function ClaimNumber({ id, tabIndex }: { id: string; tabIndex?: number }) {
  const [copied, copy] = useCopied();
  return (
    <button
      type="button"
      className={css["copy"]}
      tabIndex={tabIndex}
      title={`Copy ${id}`}
      aria-label={`Claim check ${id.slice(-8)}: copy the whole id`}
      onClick={(event) => {
        event.stopPropagation();
        event.preventDefault();
        copy(id);
      }}
    >
      {copied ? "copied " : id.slice(-8)}
    </button>
  );
}

/** Text to copy: commands, JSON, secrets. */
export function Code({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  const [copied, copy] = useCopied();
  return (
    <div className={css["code"]}>
      <pre tabIndex={0} aria-label={label} className={wrap ? css["wrap"] : undefined}>
        {text}
      </pre>
      <Button kind="quiet" icon={copied ? "tick" : "copy"} className={css["codeCopy"]} aria-label={`Copy: ${label}`} title="Copy" onClick={() => copy(text)} />
    </div>
  );
}

export function Alert({ children, kind = "failed", action }: { children: ReactNode; kind?: "failed" | "warn" | "note"; action?: ReactNode }) {
  return (
    <div className={classes(css["alert"], kind !== "failed" && css[kind])} role={kind === "failed" ? "alert" : "status"}>
      <Icon name={kind === "note" ? "info" : "warn"} />
      <div className={css["alertBody"]}>{children}</div>
      {action}
    </div>
  );
}

export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className={css["empty"]}>
      <span className={css["emptyIcon"]}>
        <Icon name={icon} size={40} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Field({ label, hint, ...rest }: { label: string; hint?: ReactNode } & InputHTMLAttributes<HTMLInputElement>) {
  const made = useId();
  const id = rest.id ?? made;
  return (
    <div className={css["field"]}>
      <label htmlFor={id}>{label}</label>
      <input {...rest} id={id} className={css["input"]} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
      {hint !== undefined && (
        <span className={css["hint"]} id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

export function Check({ label, checked, onChange }: { label: ReactNode; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label className={css["checkLine"]}>
      <input type="checkbox" className={css["check"]} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}

export function Dialog({ open, onClose, title, text, wide = false, children }: { open: boolean; onClose: () => void; title: ReactNode; text?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <RadixDialog.Root open={open} onOpenChange={(now) => !now && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={css["veil"] ?? ""} />
        <RadixDialog.Content className={classes(css["dialog"], wide && css["wide"])} {...(text === undefined ? { "aria-describedby": undefined } : {})}>
          <div className={css["dialogHead"]}>
            <RadixDialog.Title asChild>
              <h2>{title}</h2>
            </RadixDialog.Title>
            <RadixDialog.Close asChild>
              <Button kind="quiet" icon="cross" aria-label="Close" />
            </RadixDialog.Close>
          </div>
          {text !== undefined && (
            <RadixDialog.Description asChild>
              <div className={css["dialogText"]}>{text}</div>
            </RadixDialog.Description>
          )}
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

export function DialogEnd({ children }: { children: ReactNode }) {
  return <div className={css["dialogEnd"]}>{children}</div>;
}

/** Asks before something is done that cannot be undone; says that it is being done until that has ended. */
export function Confirm({ open, onClose, title, text, action, busyWord, onConfirm }: { open: boolean; onClose: () => void; title: string; text: ReactNode; action: string; busyWord: string; onConfirm: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const confirm = () => {
    setBusy(true);
    void onConfirm().finally(() => {
      setBusy(false);
      onClose();
    });
  };
  return (
    <Dialog open={open} onClose={onClose} title={title} text={text}>
      <DialogEnd>
        <Button onClick={onClose}>{busy ? "Close" : "Keep"}</Button>
        <Button kind="primary" danger busy={busy} busyWord={busyWord} onClick={confirm}>
          {action}
        </Button>
      </DialogEnd>
    </Dialog>
  );
}

/** The way up to the list that this page is one of. */
export function Back({ to, children }: { to: string; children: ReactNode }) {
  return (
    <p className={css["back"]}>
      <Link to={to}>
        <Icon name="left" /> {children}
      </Link>
    </p>
  );
}

export { css as uiCss };
