import { DropdownMenu } from "radix-ui";
import { useCallback, useEffect, useReducer, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import { hasEnded, type WholeJob } from "../../client";
import { Icon } from "../../ui/Icon";
import { classes, uiCss } from "../../ui/ui";
import css from "./Player.module.css";
import { clock, cueAt, cues, type Cue } from "./storyboard";
import { useHls, type Playback } from "./useHls";

const IDLE_MS = 2_500;
const SPEEDS = [0.5, 1, 1.25, 1.5, 2];

/** The video with our own bar, which shows small pictures of what is under the pointer, and how much of a video is there that is still being made. */
export default function Player({ job }: { job: WholeJob }) {
  const video = useRef<HTMLVideoElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const playback = useHls(video, job.video_url ?? "");
  const [idle, stir] = useIdle(video);
  const state = useVideoState(video);
  const whole = Number(job.metadata?.["duration"] ?? 0);
  const length = Math.max(state.duration, hasEnded(job) ? 0 : whole);
  const toggle = useCallback(() => {
    const element = video.current;
    if (element === null) return;
    if (element.paused) element.play().catch(() => undefined); // Refused without a gesture, or the source went: the picture says so.
    else element.pause();
  }, []);
  const seek = useCallback((second: number) => {
    const element = video.current;
    if (element === null) return;
    const end = element.seekable.length > 0 ? element.seekable.end(element.seekable.length - 1) : second;
    element.currentTime = Math.max(0, Math.min(second, end));
  }, []);
  const full = () => void (document.fullscreenElement === null ? box.current?.requestFullscreen() : document.exitFullscreen());
  const onKey = (event: KeyboardEvent) => {
    if ((event.target as Element).closest("input, [role=menu]") !== null) return;
    const element = video.current;
    const keys: Record<string, () => void> = {
      k: toggle,
      j: () => seek(state.time - 10),
      l: () => seek(state.time + 10),
      m: () => element !== null && (element.muted = !element.muted),
      f: full,
      ...((event.target as Element).closest("button") === null ? { " ": toggle, ArrowLeft: () => seek(state.time - 5), ArrowRight: () => seek(state.time + 5) } : {}),
    };
    const action = keys[event.key];
    if (action === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    stir();
    action();
  };
  return (
    <div className={classes(css["player"], idle && state.playing && css["idle"])} ref={box} role="region" aria-label={`Player: ${job.filename}`} onPointerMove={stir} onFocus={stir} onKeyDown={onKey} data-player="">
      <video ref={video} playsInline poster={job.thumbnail_url} preload="metadata" onClick={toggle}>
        {(job.subtitles ?? []).map(({ language, name, url }) => (
          <track key={url} kind="subtitles" srcLang={language} label={name || language} src={url} />
        ))}
      </video>
      {!hasEnded(job) && <span className={css["note"]}>Still being made: you can watch what is there</span>}
      {!state.begun && playback.trouble === null && (
        <button type="button" className={css["big"]} aria-label="Play" onClick={toggle}>
          <Icon name="play" size={32} />
        </button>
      )}
      <div className={css["controls"]}>
        <SeekBar job={job} time={state.time} length={length} made={state.made} onSeek={seek} />
        <div className={css["row"]}>
          <PlayerButton label={state.playing ? "Pause" : "Play (K)"} onClick={toggle}>
            <Icon name={state.playing ? "pause" : "play"} size={18} />
          </PlayerButton>
          <PlayerButton label={state.muted ? "Sound on" : "Sound off"} onClick={() => video.current !== null && (video.current.muted = !video.current.muted)}>
            <Icon name={state.muted ? "mute" : "volume"} size={18} />
          </PlayerButton>
          <input
            className={css["volume"]}
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={state.muted ? 0 : state.volume}
            aria-label="Volume"
            onChange={(event) => {
              if (video.current === null) return;
              video.current.volume = Number(event.target.value);
              video.current.muted = false;
            }}
          />
          <span className={css["time"]}>
            {clock(state.time)} / {clock(length)}
          </span>
          <span className={css["spring"]} />
          <SubtitlesMenu job={job} video={video.current} box={box.current} />
          <QualityMenu playback={playback} video={video.current} box={box.current} />
          <PlayerButton label="Full screen (F)" onClick={full}>
            <Icon name="full" size={18} />
          </PlayerButton>
        </div>
      </div>
      {playback.trouble !== null && (
        <div className={css["trouble"]} role="alert">
          <p>{playback.trouble}</p>
          <button type="button" className={css["button"]} onClick={playback.again}>
            Try again
          </button>
        </div>
      )}
    </div>
  );
}

function PlayerButton({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={css["button"]} aria-label={label} title={label} onClick={onClick}>
      {children}
    </button>
  );
}

interface VideoState {
  time: number;
  duration: number;
  /** Up to where there is something to play. */
  made: number;
  playing: boolean;
  begun: boolean;
  muted: boolean;
  volume: number;
}

const EVENTS = ["timeupdate", "durationchange", "play", "pause", "ended", "volumechange", "progress", "seeked", "loadedmetadata"];

function useVideoState(video: React.RefObject<HTMLVideoElement | null>): VideoState {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const element = video.current;
    EVENTS.forEach((event) => element?.addEventListener(event, redraw));
    redraw();
    return () => EVENTS.forEach((event) => element?.removeEventListener(event, redraw));
  }, [video]);
  const element = video.current;
  const seekable = element !== null && element.seekable.length > 0 ? element.seekable.end(element.seekable.length - 1) : 0;
  const duration = element !== null && Number.isFinite(element.duration) ? element.duration : seekable;
  return {
    time: element?.currentTime ?? 0,
    duration,
    made: seekable,
    playing: element !== null && !element.paused && !element.ended,
    begun: element !== null && (element.currentTime > 0 || !element.paused),
    muted: element?.muted ?? false,
    volume: element?.volume ?? 1,
  };
}

/** Whether nobody has moved for a while: then the bar goes. */
function useIdle(video: React.RefObject<HTMLVideoElement | null>): [boolean, () => void] {
  const [idle, setIdle] = useState(false);
  const timer = useRef(0);
  const stir = useCallback(() => {
    window.clearTimeout(timer.current);
    setIdle(false);
    timer.current = window.setTimeout(() => setIdle(true), IDLE_MS);
  }, []);
  useEffect(() => {
    const element = video.current;
    element?.addEventListener("play", stir);
    return () => {
      element?.removeEventListener("play", stir);
      window.clearTimeout(timer.current);
    };
  }, [video, stir]);
  return [idle, stir];
}

function SeekBar({ job, time, length, made, onSeek }: { job: WholeJob; time: number; length: number; made: number; onSeek: (second: number) => void }) {
  const pictures = useStoryboard(job.storyboard_url);
  const bar = useRef<HTMLDivElement>(null);
  const [hover, setHover] = useState<number | null>(null);
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
        max={Math.max(length, 0.1)}
        step={0.1}
        value={Math.min(time, length)}
        aria-label="Place in the video"
        aria-valuetext={`${clock(time)} of ${clock(length)}`}
        onChange={(event) => onSeek(Number(event.target.value))}
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

interface MenuProps {
  video: HTMLVideoElement | null;
  /** Menus stand inside it: in full screen nothing else is seen. */
  box: HTMLDivElement | null;
}

function SubtitlesMenu({ job, video, box }: { job: WholeJob } & MenuProps) {
  const [chosen, setChosen] = useState("");
  const tracks = job.subtitles ?? [];
  if (tracks.length === 0) return null;
  const choose = (label: string) => {
    setChosen(label);
    for (const track of video?.textTracks ?? []) track.mode = track.label === label ? "showing" : "disabled";
  };
  return (
    <PlayerMenu label="Subtitles" trigger="CC" box={box}>
      <Choice value={chosen} options={[["", "Off"], ...tracks.map(({ name, language }): [string, string] => [name || language, name || language])]} onChange={choose} />
    </PlayerMenu>
  );
}

function QualityMenu({ playback: { qualities, quality, choose }, video, box }: { playback: Playback } & MenuProps) {
  const [speed, setSpeed] = useState(1);
  return (
    <PlayerMenu label="Quality and speed" trigger={<Icon name="gear" size={18} />} box={box}>
      {qualities.length > 1 && (
        <>
          <div className={uiCss["menuLabel"]}>Quality</div>
          <Choice value={String(quality)} options={qualities.map(({ level, word }): [string, string] => [String(level), word])} onChange={(value) => choose(Number(value))} />
          <div className={uiCss["menuLine"]} />
        </>
      )}
      <div className={uiCss["menuLabel"]}>Speed</div>
      <Choice
        value={String(speed)}
        options={SPEEDS.map((one): [string, string] => [String(one), one === 1 ? "Normal" : `${one} ×`])}
        onChange={(value) => {
          setSpeed(Number(value));
          if (video !== null) video.playbackRate = Number(value);
        }}
      />
    </PlayerMenu>
  );
}

function PlayerMenu({ label, trigger, box, children }: { label: string; trigger: ReactNode; box: HTMLDivElement | null; children: ReactNode }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={css["button"] ?? ""} aria-label={label} title={label}>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={document.fullscreenElement === null ? undefined : box}>
        <DropdownMenu.Content className={uiCss["menu"] ?? ""} side="top" align="end" sideOffset={8}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Choice({ value, options, onChange }: { value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
      {options.map(([one, word]) => (
        <DropdownMenu.RadioItem key={one} value={one} className={uiCss["menuItem"] ?? ""}>
          <span>{word}</span>
          <DropdownMenu.ItemIndicator>
            <Icon name="tick" />
          </DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
