import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { WholeJob } from "../../client";
import css from "./Player.module.css";
import { clock, cueAt, cues, type Cue } from "./storyboard";

const TENTH = 0.1;
const JUMP = 5;

/** On the steps of the input: a value between two of them would be rounded by the browser, which React takes for a change by the user. */
function tenths(second: number): number {
  return Math.floor(second * 10) / 10;
}

/** Where in the video; how far it is made; and a small picture of what is under the pointer. */
export function SeekBar({ job, time, length, made, onSeek }: { job: WholeJob; time: number; length: number; made: number; onSeek: (second: number) => void }) {
  const pictures = useStoryboard(job.storyboard_url);
  const bar = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
  const most = Math.max(TENTH, tenths(length));
  const part = (second: number) => `${length > 0 ? Math.min(100, (100 * second) / length) : 0}%`;
  return (
    <div
      className={css["seekBox"]}
      ref={bar}
      onPointerMove={(event) => {
        const rectangle = bar.current?.getBoundingClientRect();
        if (rectangle !== undefined && rectangle.width > 0) setHover(Math.max(0, Math.min(1, (event.clientX - rectangle.left) / rectangle.width)));
      }}
      onPointerLeave={() => setHover(null)}
    >
      <span className={css["made"]}>
        <i style={{ width: part(made) }} />
        <b style={{ width: part(time) }} />
      </span>
      <input
        className={css["seek"]}
        type="range"
        min={0}
        max={most}
        step={TENTH}
        value={Math.min(most, tenths(time))}
        aria-label="Place in the video"
        aria-valuetext={`${clock(time)} of ${clock(length)}`}
        onChange={(event) => onSeek(Number(event.target.value))}
        onKeyDown={(event) => {
          const jump = { ArrowLeft: -JUMP, ArrowDown: -JUMP, ArrowRight: JUMP, ArrowUp: JUMP }[event.key];
          if (jump === undefined) return;
          event.preventDefault(); // A tenth of a second would be the browser's step.
          onSeek(time + jump);
        }}
      />
      {hover !== null && length > 0 && <Preview cue={cueAt(pictures, hover * length)} at={hover} second={hover * length} width={bar.current?.clientWidth ?? 0} />}
    </div>
  );
}

function Preview({ cue, at, second, width }: { cue: Cue | null; at: number; second: number; width: number }) {
  const half = (cue?.width ?? 48) / 2 + 2;
  const left = Math.max(half, Math.min(width - half, at * width));
  return (
    <div className={css["preview"]} style={{ left }} aria-hidden="true" data-preview="">
      {cue !== null && (
        <div className={css["picture"]} style={{ width: cue.width, height: cue.height, backgroundImage: `url(${JSON.stringify(cue.url)})`, backgroundPosition: `-${cue.x}px -${cue.y}px` }} />
      )}
      <span className={css["stamp"]}>{clock(second)}</span>
    </div>
  );
}

const NONE: Cue[] = [];

function useStoryboard(url: string | undefined): Cue[] {
  const { data } = useQuery({
    queryKey: ["storyboard", url?.replace(/^.*\/media\/[^/]+\//, "")], // The link changes, the pictures do not.
    enabled: url !== undefined,
    staleTime: Infinity,
    retry: 1,
    queryFn: async ({ signal }) => {
      const response = await fetch(url ?? "", { signal });
      return response.ok ? cues(await response.text(), response.url) : NONE;
    },
  });
  return data ?? NONE;
}
