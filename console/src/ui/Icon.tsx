/** Small shapes of one weight, drawn on 16 × 16. */
const PATHS = {
  ring: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
  half: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Zm0 0v11a5.5 5.5 0 0 0 0-11Z",
  tick: "m3 8.5 3.2 3.2L13 4.8",
  cross: "m4 4 8 8m0-8-8 8",
  dash: "M3.5 8h9",
  pause: "M5.5 3.5v9m5-9v9",
  up: "M8 13V3.5M4 7l4-4 4 4",
  again: "M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.8 2.5v3h-3",
  play: "M5 3.2v9.6L12.6 8 5 3.2Z",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4Zm3.2 7.4 3.3 3.3",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.5v1.2m0 10.6v1.2M1.5 8h1.2m10.6 0h1.2M3.4 3.4l.9.9m7.4 7.4.9.9m0-9.2-.9.9m-7.4 7.4-.9.9",
  person: "M8 2.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2ZM3 13.5c.3-2.6 2.3-4 5-4s4.700 1.4 5 4",
  more: "M3.500 8h.01M8 8h.01M12.500 8h.01",
  warn: "M8 2.2 14.200 13H1.800L8 2.200Zm0 4.300v3M8 11.300h.01",
  info: "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11Zm0 4.700v3.600M8 5.100h.01",
  film: "M2.500 3.500h11v9h-11zM5.500 3.500v9m5-9v9M2.500 8h11",
  copy: "M5.500 5.500v-3h8v8h-3m-8-5h8v8h-8z",
  down: "M8 3v9.500m-4-4 4 4 4-4",
  volume: "M2.500 6v4h2.300L8 12.800V3.200L4.800 6H2.500Zm8.300-.5a3.500 3.500 0 0 1 0 5m1.700-6.800a6 6 0 0 1 0 8.600",
  mute: "M2.500 6v4h2.300L8 12.800V3.200L4.800 6H2.500Zm8.500.5 3 3m0-3-3 3",
  full: "M2.500 6V2.500H6m4 0h3.500V6m0 4v3.500H10m-4 0H2.500V10",
  gear: "M2.500 5h7m3 0h1M2.500 11h1m3 0h7M9.500 5a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0Zm-6 6a1.500 1.500 0 1 0 3 0 1.500 1.500 0 0 0-3 0Z",
  plus: "M8 3v10M3 8h10",
  key: "M10.500 2.500a3 3 0 1 0-1.800 5.400L3 13.500h-.500v-2.500l4.600-4.500a3 3 0 0 0 3.400-4Zm0 2.500h.01",
  server: "M2.500 3h11v4h-11zm0 6h11v4h-11zM5 5h.01M5 11h.01",
  hook: "M8 2.500a2.500 2.500 0 0 1 1.500 4.500l2 3.500m-3.500-3L5.500 11m-3 .5a2.500 2.500 0 0 0 5 0h4m0-2a2 2 0 1 1-.5 4",
  left: "M9.500 3.500 5 8l4.500 4.500",
  chevron: "m4 6 4 4 4-4",
} as const;

export type IconName = keyof typeof PATHS;
const FILLED = new Set<IconName>(["play"]);

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill={FILLED.has(name) ? "currentColor" : "none"} stroke="currentColor" strokeWidth={1.6} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
      {name === "half" && <path d="M8 2.500a5.500 5.500 0 0 1 0 11Z" fill="currentColor" stroke="none" />}
    </svg>
  );
}
