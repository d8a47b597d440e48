import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Tabs } from "radix-ui";
import { useCallback, useMemo, useState } from "react";
import { client } from "../../app/session";
import { hasEnded, type Event, type Metadata, type Output, type Timeline, type WholeJob } from "../../client";
import { absolute, ago, count, duration, size, webAddress } from "../../client/words";
import type { Batch } from "../../live/coalescer";
import { eventsOf, useBatches } from "../../live/live";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Code, uiCss, useNow } from "../../ui/ui";
import css from "./Job.module.css";
import { snippets } from "./snippets";
import { OutputLine } from "./StepPanel";
import timelineCss from "./Timeline.module.css";

const TABS = [
  ["results", "Results"],
  ["metadata", "Metadata"],
  ["events", "Events"],
  ["api", "API"],
  ["json", "JSON"],
] as const;

export function Details({ job, timeline }: { job: WholeJob; timeline: Timeline | undefined }) {
  return (
    <section className={`${uiCss["card"]} ${css["box"]}`} aria-label="Details">
      <h2 className={uiCss["hidden"]}>Details</h2>
      <Tabs.Root defaultValue="results">
        <Tabs.List className={uiCss["tabs"] ?? ""} aria-label="Details of the job">
          {TABS.map(([value, word]) => (
            <Tabs.Trigger key={value} value={value} className={uiCss["tab"] ?? ""}>
              {word}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Tabs.Content value="results" className={uiCss["panel"] ?? ""}>
          <Results job={job} />
        </Tabs.Content>
        <Tabs.Content value="metadata" className={uiCss["panel"] ?? ""}>
          <Facts job={job} />
        </Tabs.Content>
        <Tabs.Content value="events" className={uiCss["panel"] ?? ""}>
          <Events id={job.job_id} />
        </Tabs.Content>
        <Tabs.Content value="api" className={uiCss["panel"] ?? ""}>
          <Api id={job.job_id} />
        </Tabs.Content>
        <Tabs.Content value="json" className={uiCss["panel"] ?? ""}>
          <Code label="The job as JSON" text={JSON.stringify({ ...job, timeline: timeline?.steps }, null, 2)} />
        </Tabs.Content>
      </Tabs.Root>
    </section>
  );
}

const LINKS = [
  ["video_url", "Stream (HLS)"],
  ["dash_url", "Stream (DASH)"],
  ["download_url", "File to download"],
  ["thumbnail_url", "Poster"],
  ["storyboard_url", "Storyboard"],
  ["waveform_url", "Waveform"],
] as const;

function Results({ job }: { job: WholeJob }) {
  const links = LINKS.flatMap(([member, word]) => (job[member] === undefined ? [] : [[word, job[member]] as const]));
  const { outputs } = job;
  if (links.length === 0 && outputs.length === 0) return <p className={uiCss["muted"]}>{hasEnded(job) ? "Nothing was made before the job ended." : "Nothing is there yet. The poster and the first seconds of the video come first."}</p>;
  return (
    <>
      <div className={css["group"]}>
        <h3>Links</h3>
        <p className={uiCss["muted"]}>They are signed and end after some hours; ask the API for fresh ones.</p>
        <dl className={uiCss["facts"]}>
          {links.map(([word, url]) => {
            const address = webAddress(url);
            return (
              <div key={word} style={{ display: "contents" }}>
                <dt>{word}</dt>
                <dd>{address === null ? <code>{url}</code> : <a href={address}>{new URL(address).pathname.replace(/^\/media\/[^/]+\/[^/]+\//, "")}</a>}</dd>
              </div>
            );
          })}
        </dl>
      </div>
      {(job.subtitles ?? []).length > 0 && (
        <div className={css["group"]}>
          <h3>Subtitles</h3>
          <p>{(job.subtitles ?? []).map(({ name, language }) => name || language).join(", ")}</p>
        </div>
      )}
      <Files outputs={outputs} />
    </>
  );
}

const FEW = 12;

function Files({ outputs }: { outputs: Output[] }) {
  const [all, setAll] = useState(false);
  const total = outputs.reduce((sum, output) => sum + output.size, 0);
  if (outputs.length === 0) return null;
  return (
    <div className={css["group"]}>
      <h3>
        {count(outputs.length)} files, {size(total)}
      </h3>
      <ul className={timelineCss["outputs"]}>
        {(all ? outputs : outputs.slice(0, FEW)).map((output) => (
          <OutputLine key={output.path} output={output} />
        ))}
      </ul>
      {outputs.length > FEW && (
        <p>
          <button type="button" className={`${uiCss["button"]} ${uiCss["small"]}`} onClick={() => setAll(!all)}>
            {all ? "Show fewer" : `Show all ${count(outputs.length)}`}
          </button>
        </p>
      )}
    </div>
  );
}

function Facts({ job }: { job: WholeJob }) {
  const m: Partial<Metadata> = job.metadata ?? {};
  const known: [string, string][] = [
    ["Uploaded", `${absolute(job.created_at)}, ${size(job.size)}`],
    ["Type", job.content_type ?? ""],
    ["Profile", `${job.profile}, priority ${job.priority}`],
    ["Length", m.duration === undefined ? "" : duration(m.duration)],
    ["Picture", m.width === undefined ? "" : `${m.width} × ${m.height}, ${m.frame_rate} frames a second, ${m.video_codec}`],
    ["Sound", m.audio_codec === undefined ? "" : `${m.audio_codec}, ${m.audio_layout || `${m.audio_channels} channels`}`],
    ["Checked", verified(job)],
  ];
  const rest = Object.entries(m).filter(([name]) => !["duration", "width", "height", "frame_rate", "video_codec", "audio_codec", "audio_layout", "audio_channels"].includes(name));
  return (
    <dl className={uiCss["facts"]}>
      {known
        .filter(([, value]) => value !== "")
        .map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      {rest.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>{typeof value === "object" ? <code>{JSON.stringify(value)}</code> : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function verified({ verification }: WholeJob): string {
  if (verification === null) return "";
  return verification.passed ? "every frame of the source is in the result, once and in order" : "the result differs from the source; see the JSON";
}

/** The log of the job: read once, then what comes. */
function Events({ id }: { id: string }) {
  const cache = useQueryClient();
  const now = useNow(30_000);
  const key = useMemo(() => ["events", id], [id]);
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => all(id, signal), staleTime: Infinity });
  useBatches(
    useCallback(
      (batch: Batch) => {
        const fresh = eventsOf(batch, id);
        if (fresh.length === 0) return;
        cache.setQueryData<Event[]>(key, (known) => {
          if (known === undefined) return known;
          const ids = new Set(known.map((event) => event.id));
          return [...known, ...fresh.filter((event) => !ids.has(event.id))];
        });
      },
      [cache, key, id],
    ),
  );
  const { data } = query;
  if (data === undefined && query.error !== null) return <Trouble query={query} />;
  if (data === undefined) {
    return (
      <Loading what="the events">
        <Skeleton height={160} />
      </Loading>
    );
  }
  if (data.length === 0) return <p className={uiCss["muted"]}>Events are kept for some days; those of this job are gone.</p>;
  return (
    <ol className={css["events"]} tabIndex={0} aria-label="Events, the newest first">
      {data.toReversed().map((event) => (
        <li className={css["event"]} key={event.id}>
          <time dateTime={event.at} title={absolute(event.at)} className={uiCss["muted"]}>
            {ago(event.at, now)}
          </time>
          <code>{event.type}</code>
          <code className={uiCss["muted"]}>{Object.keys(event.data).length === 0 ? "" : JSON.stringify(event.data)}</code>
        </li>
      ))}
    </ol>
  );
}

/** Of a job with a great many chunks, the last thousands. */
async function all(id: string, signal: AbortSignal): Promise<Event[]> {
  const events: Event[] = [];
  let after = "0";
  for (let pages = 0; pages < 20; pages++) {
    const page = await client.jobEvents(id, after, signal);
    events.push(...page.events);
    if (page.events.length < 1000) break;
    after = page.next;
  }
  return events;
}

function Api({ id }: { id: string }) {
  const found = snippets(window.location.origin, id);
  return (
    <>
      <p className={uiCss["muted"]}>
        Everything on this page comes from the API. The whole of it is in the <a href="/docs">reference</a>.
      </p>
      {found.map(({ name, text }) => (
        <div className={css["group"]} key={name}>
          <h3>{name}</h3>
          <Code label={`How to do it with ${name}`} text={text} />
        </div>
      ))}
    </>
  );
}
