import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { hasEnded, type WholeJob } from "../../client";
import { Icon } from "../../ui/Icon";
import { classes } from "../../ui/ui";
import css from "./Player.module.css";
import { QualityMenu, SubtitlesMenu } from "./PlayerMenus";
import { SeekBar } from "./SeekBar";
import { clock } from "./storyboard";
import { useHls } from "./useHls";

const IDLE_MS = 2_500;

/** The video with our own bar, which shows small pictures of what is under the pointer, and how much of a video is there that is still being made. */
export default function Player({ job }: { job: WholeJob }) {
  const cache = useQueryClient();
  const video = useRef<HTMLVideoElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const playback = useHls(
    video,
    job.video_url ?? "",
    useCallback(() => cache.invalidateQueries({ queryKey: ["job", job.job_id] }), [cache, job.job_id]),
  );
  const [idle, stir] = useIdle(video);
  const state = useVideoState(video);
  const whole = job.metadata?.duration ?? 0;
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

const EVENTS = ["timeupdate", "durationchange", "play", "pause", "ended", "volumechange", "progress", "seeking", "seeked", "loadedmetadata"];

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
