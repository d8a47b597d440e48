import type Hls from "hls.js";
import { useEffect, useRef, useState, type RefObject } from "react";

export interface Quality {
  /** The index that hls.js knows it by; -1 is "as the line allows". */
  level: number;
  word: string;
}

export interface Playback {
  qualities: Quality[];
  quality: number;
  choose: (level: number) => void;
  trouble: string | null;
  again: () => void;
}

/**
 * Plays HLS: by hls.js where the browser lets it, else natively. hls.js is loaded only here. A video that plays while it is still being made goes on playing from
 * its growing playlist when the finished one is there: nobody is thrown back to the beginning.
 */
export function useHls(video: RefObject<HTMLVideoElement | null>, src: string, refresh: () => Promise<unknown>): Playback {
  const [playing, setPlaying] = useState(src);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [qualities, setQualities] = useState<Quality[]>([]);
  const [quality, setQuality] = useState(-1);
  const [round, setRound] = useState(0);
  const hls = useRef<Hls | null>(null);
  useEffect(() => {
    const element = video.current;
    if (element !== null && element.played.length === 0) setPlaying(src);
  }, [src, video]);
  const latest = useRef(src);
  latest.current = src;
  useEffect(() => {
    if (round === 0) return;
    setTrouble(null);
    setPlaying(latest.current); // Links end after some hours; this one is fresh.
  }, [round]);
  useEffect(() => {
    const element = video.current;
    if (element === null) return undefined;
    let gone = false;
    void import("hls.js").then(({ default: Library }) => {
      if (gone) return;
      if (!Library.isSupported()) {
        element.src = playing;
        return;
      }
      const one = new Library({ enableWorker: true, startPosition: 0, renderTextTracksNatively: false });
      hls.current = one;
      let recovered = false;
      one.on(Library.Events.ERROR, (_, data) => {
        if (!data.fatal) return;
        if (data.type === Library.ErrorTypes.MEDIA_ERROR && !recovered) {
          recovered = true;
          one.recoverMediaError();
        } else {
          setTrouble("The video cannot be played right now: its links may be too old, or the service is away.");
        }
      });
      one.on(Library.Events.MANIFEST_PARSED, () => {
        const levels = one.levels.map(({ height, bitrate }, level) => ({ level, height, word: height > 0 ? `${height}p` : `${Math.round(bitrate / 1000)} kbit/s` }));
        setQualities([{ level: -1, word: "Auto" }, ...levels.sort((a, b) => b.height - a.height)]);
      });
      one.loadSource(playing);
      one.attachMedia(element);
    });
    return () => {
      gone = true;
      hls.current?.destroy();
      hls.current = null;
    };
  }, [playing, video, round]);
  return {
    qualities,
    quality,
    choose: (level) => {
      if (hls.current !== null) hls.current.nextLevel = level;
      setQuality(level);
    },
    trouble,
    again: () => void refresh().finally(() => setRound((value) => value + 1)),
  };
}
