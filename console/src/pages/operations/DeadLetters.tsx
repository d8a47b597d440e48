import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "react-router";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { useWork } from "../../app/work";
import { count } from "../../client/words";
import { Loading, ShowMore, Skeleton, Trouble } from "../../ui/loading";
import { Ago, Button, Check, Empty, uiCss } from "../../ui/ui";
import css from "./Operations.module.css";

/** What was given up after its retries, with why, and the way to do it again. */
export function DeadLetters() {
  const cache = useQueryClient();
  const { say } = useNotices();
  const { busy, run } = useWork();
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery({
    queryKey: ["dead-letters"],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => client.deadLetters(pageParam, signal),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: 10_000,
  });
  const letters = useMemo(() => query.data?.pages.flatMap((page) => page.dead_letters) ?? [], [query.data]);
  const chosen = letters.filter((letter) => picked.has(letter.job_id) && letter.retry_allowed);
  const retryable = letters.filter((letter) => letter.retry_allowed).length;
  const retry = (name: string, which: Parameters<typeof client.retryDeadLetters>[0]) =>
    run(name, async () => {
      const { retried, more } = await client.retryDeadLetters(which);
      say(`${retried === 1 ? "One step is" : `${count(retried)} steps are`} done again.${more ? " There are others: ask once more." : ""}`);
      setPicked(new Set());
      await cache.invalidateQueries({ queryKey: ["dead-letters"] });
    });
  const pick = (id: string, on: boolean) =>
    setPicked((known) => {
      const next = new Set(known);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });

  return (
    <section className={`${css["letters"]} ${uiCss["card"]}`} aria-label="Dead letters">
      <div className={css["lettersHead"]}>
        <div>
          <h2>Dead letters</h2>
          <p className={css["small"]}>Steps that were given up, the newest first.</p>
        </div>
        <div className={uiCss["chips"]}>
          {chosen.length > 0 && (
            <Button small busy={busy === "chosen"} busyWord="Retrying …" disabled={busy === "all"} onClick={() => void retry("chosen", { job_ids: chosen.map(({ job_id }) => job_id) })}>
              Retry {count(chosen.length)} chosen
            </Button>
          )}
          {retryable > 0 && (
            <Button small icon="again" busy={busy === "all"} busyWord="Retrying …" disabled={busy === "chosen"} onClick={() => void retry("all", {})}>
              Retry all that can be
            </Button>
          )}
        </div>
      </div>
      <Trouble query={query} />
      {query.isPending ? (
        <Loading what="the dead letters">
          <Skeleton height={120} />
        </Loading>
      ) : query.data === undefined ? null : letters.length === 0 ? (
        <Empty icon="tick" title="Nothing was given up">
          <p>A step comes here after its last retry. From here it can be done again, once the reason is gone.</p>
        </Empty>
      ) : (
        <div className={uiCss["scrollX"]} tabIndex={0} role="region" aria-label="Table of dead letters">
          <table className={uiCss["table"]}>
            <thead>
              <tr>
                <th>
                  <span className={uiCss["hidden"]}>Choose</span>
                </th>
                <th>Video</th>
                <th>Step</th>
                <th>Why</th>
                <th className={uiCss["num"]}>Tries</th>
                <th>When</th>
              </tr>
            </thead>
            <tbody>
              {letters.map((letter) => (
                <tr key={`${letter.job_id} ${letter.step}`}>
                  <td>
                    {letter.retry_allowed ? (
                      <Check label={<span className={uiCss["hidden"]}>Choose {letter.filename}</span>} checked={picked.has(letter.job_id)} onChange={(on) => pick(letter.job_id, on)} />
                    ) : null}
                  </td>
                  <td className={css["nameCell"]}>
                    <Link to={`/jobs/${letter.job_id}`} title={letter.filename}>
                      <bdi>{letter.filename}</bdi>
                    </Link>
                    <span className={css["small"]}>
                      <bdi>{letter.owner}</bdi>
                    </span>
                  </td>
                  <td>
                    <code>{letter.step}</code>
                  </td>
                  <td className={css["what"]}>
                    <strong>{letter.error.message}</strong>
                    {!letter.retry_allowed && <div className={css["small"]}>The file is at fault: a retry would end the same way.</div>}
                  </td>
                  <td className={uiCss["num"]}>{letter.attempts}</td>
                  <td>
                    <Ago at={letter.failed_at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ShowMore query={query} />
    </section>
  );
}
