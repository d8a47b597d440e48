import { DropdownMenu } from "radix-ui";
import { useState, type ReactNode } from "react";
import type { WholeJob } from "../../client";
import { Icon } from "../../ui/Icon";
import { uiCss } from "../../ui/ui";
import css from "./Player.module.css";
import type { Playback } from "./useHls";

const SPEEDS = [0.5, 1, 1.25, 1.5, 2];

interface MenuProps {
  video: HTMLVideoElement | null;
  /** Menus stand inside it: in full screen nothing else is seen. */
  box: HTMLDivElement | null;
}

export function SubtitlesMenu({ job, video, box }: { job: WholeJob } & MenuProps) {
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

export function QualityMenu({ playback: { qualities, quality, choose }, video, box }: { playback: Playback } & MenuProps) {
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
