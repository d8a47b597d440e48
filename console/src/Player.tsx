import { useEffect, useRef, useState } from "react";

/**
 * Plays HLS: by hls.js where the browser lets it, else natively. hls.js is loaded only here. A video that plays while it is still being made goes on playing from
 * its growing playlist when the finished one is there: nobody is thrown back to the beginning.
 */
export function Player({ src, poster }: { src: string; poster?: string | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [playing, setPlaying] = useState(src);
  useEffect(() => {
    const element = video.current;
    if (element !== null && element.played.length === 0) setPlaying(src);
  }, [src]);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let destroy = () => {};
    let gone = false;
    void import("hls.js").then(({ default: Hls }) => {
      if (gone) return;
      if (Hls.isSupported()) {
        const hls = new Hls({ enableWorker: true, startPosition: 0 });
        hls.on(Hls.Events.ERROR, (_, data) => {
          if (data.fatal) setTrouble("The video cannot be played right now. Reload the page to get fresh links.");
        });
        hls.loadSource(playing);
        hls.attachMedia(element);
        destroy = () => hls.destroy();
      } else {
        element.src = playing;
      }
    });
    return () => {
      gone = true;
      destroy();
    };
  }, [playing]);
  return (
    <div className="player">
      <video ref={video} controls playsInline poster={poster} preload="metadata" />
      {trouble !== null && <p role="alert">{trouble}</p>}
    </div>
  );
}
