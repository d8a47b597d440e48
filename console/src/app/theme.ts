import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const NAME = "claimcheck.theme";
const listeners = new Set<() => void>();

function read(): Theme {
  const text = localStorage.getItem(NAME);
  return text === "light" || text === "dark" ? text : "system";
}

function show(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(NAME, theme);
  show(theme);
  listeners.forEach((listener) => listener());
}

const system = window.matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", () => listeners.forEach((listener) => listener()));
show(read());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, read);
}

/** What is really shown: charts and Uppy draw their own colours. */
export function useDark(): boolean {
  return useSyncExternalStore(subscribe, () => (read() === "system" ? system.matches : read() === "dark"));
}
