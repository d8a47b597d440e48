import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useDark } from "../app/theme";
import css from "./Chart.module.css";

export interface Series {
  name: string;
  /** A token's name, such as "--running". */
  color: string;
  values: (number | null)[];
  filled?: boolean;
}

interface Props {
  label: string;
  /** Seconds since 1970. */
  times: number[];
  series: Series[];
  format: (value: number) => string;
  height?: number;
}

/** Lines over time. What it shows is also told in words, for those who do not see it. */
export function Chart({ label, times, series, format, height = 120 }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useDark();
  const names = series.map(({ name, color }) => `${name} ${color}`).join();
  const data = useMemo<uPlot.AlignedData>(() => [times, ...series.map(({ values }) => values)], [times, series]);
  const latest = useRef({ data, format, series });
  latest.current = { data, format, series };

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const token = (name: string) => colorOf(element, name);
    const axis = { stroke: token("--muted"), grid: { stroke: token("--line"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    const one = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [8, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: { y: { range: (_, __, most) => [0, Math.max(4, most * 1.15)] } },
        axes: [
          { ...axis, space: 64, values: "{HH}:{mm}", size: 24 },
          { ...axis, space: 28, size: 60, values: (_, splits) => splits.map((value) => latest.current.format(value)) },
        ],
        series: [
          {},
          ...latest.current.series.map(({ name, color, filled = false }) => ({
            label: name,
            stroke: token(color),
            width: 1.5,
            points: { show: false },
            spanGaps: false,
            ...(filled ? { fill: token(color).replace("rgb(", "rgba(").replace(")", ", 0.13)") } : {}),
          })),
        ],
        hooks: { setCursor: [(u) => tell(u, element, latest.current)] },
      },
      latest.current.data,
      element,
    );
    plot.current = one;
    const watch = new ResizeObserver(() => one.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      one.destroy();
      plot.current = null;
    };
  }, [dark, height, names]);
  useEffect(() => plot.current?.setData(data), [data]);

  const last = series.map(({ name, values }) => `${name} ${format(values.at(-1) ?? 0)}`).join(", ");
  return (
    <div className={css["chart"]} role="img" aria-label={`${label}. Now: ${last}`}>
      <div className={css["caption"]}>
        <span>{label}</span>
        <span className={css["legend"]}>
          {series.map(({ name, color, values }) => (
            <span key={name} className={css["key"]}>
              <i style={{ background: `var(${color})` }} />
              {name} <b>{values.length === 0 ? "–" : format(values.at(-1) ?? 0)}</b>
            </span>
          ))}
        </span>
      </div>
      <div ref={box} style={{ height }} className={css["plot"]} />
    </div>
  );
}

/** What a token is in the theme that is shown, as `rgb(…)`: a canvas knows no tokens. */
function colorOf(element: HTMLElement, token: string): string {
  element.style.color = `var(${token})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}

/** What is under the pointer, as the box's title would be too slow. */
function tell(plot: uPlot, element: HTMLElement, { data, format, series }: { data: uPlot.AlignedData; format: (value: number) => string; series: Series[] }): void {
  const index = plot.cursor.idx;
  element.dataset["at"] =
    index === null || index === undefined
      ? ""
      : `${new Date((data[0][index] ?? 0) * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}  ${series.map(({ name, values }) => `${name} ${values[index] == null ? "–" : format(values[index] ?? 0)}`).join("  ")}`;
}

/** The last hour in a line as small as a word. */
export function Sparkline({ values, color }: { values: number[]; color: string }) {
  if (values.length < 2) return <svg className={css["spark"]} viewBox="0 0 100 28" aria-hidden="true" />;
  const most = Math.max(1e-9, ...values);
  const points = values.map((value, index) => `${((100 * index) / (values.length - 1)).toFixed(2)},${(26 - (24 * value) / most).toFixed(2)}`);
  return (
    <svg className={css["spark"]} viewBox="0 0 100 28" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,28 ${points.join(" ")} 100,28`} fill={`var(${color})`} opacity={0.12} />
      <polyline points={points.join(" ")} fill="none" stroke={`var(${color})`} strokeWidth={1.5} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
