import { useEffect, useRef, useState } from "react";

/** Plays HLS: by hls.js where the browser lets it, else natively. hls.js is loaded only here. */
export function Player({ src, poster }: { src: string; poster?: string | undefined }) {
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let destroy = () => {};
    let gone = false;
    void import("hls.js").then(({ default: Hls }) => {
      if (gone) return;
      if (Hls.isSupported()) {
        const hls = new Hls({ enableWorker: true });
        hls.on(Hls.Events.ERROR, (_, data) => {
          if (data.fatal) setTrouble("The video cannot be played right now. Reload the page to get fresh links.");
        });
        hls.loadSource(src);
        hls.attachMedia(element);
        destroy = () => hls.destroy();
      } else {
        element.src = src;
      }
    });
    return () => {
      gone = true;
      destroy();
    };
  }, [src]);
  return (
    <div className="player">
      <video ref={video} controls playsInline poster={poster} preload="metadata" />
      {trouble !== null && <p role="alert">{trouble}</p>}
    </div>
  );
}
