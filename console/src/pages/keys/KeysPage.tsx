import { useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Link } from "react-router";
import { useNotices } from "../../app/notices";
import { client } from "../../app/session";
import { useForm, useWork } from "../../app/work";
import { Refused, type Key, type Owner } from "../../client";
import { absolute, count, size } from "../../client/words";
import { Loading, Skeleton, Trouble } from "../../ui/loading";
import { Ago, Alert, Button, Code, Confirm, Dialog, DialogEnd, Empty, Field, uiCss } from "../../ui/ui";
import css from "./Keys.module.css";

/** Who may do what: owners with what they have and use, and their keys. */
export default function KeysPage() {
  const cache = useQueryClient();
  const { say } = useNotices();
  const { run } = useWork();
  const keys = useQuery({ queryKey: ["keys"], queryFn: ({ signal }) => client.keys(signal) });
  const owners = useQuery({ queryKey: ["owners"], queryFn: ({ signal }) => client.owners(signal), refetchInterval: 10_000 });
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Key | null>(null);
  if (keys.error instanceof Refused && keys.error.status === 403) {
    return (
      <Empty icon="key" title="This page is for admins">
        <p>Keys of every owner are made and taken back here. Sign in with the admin key to see it.</p>
      </Empty>
    );
  }
  const refresh = () => Promise.all([cache.invalidateQueries({ queryKey: ["keys"] }), cache.invalidateQueries({ queryKey: ["owners"] })]);
  const revoke = (key: Key) =>
    run("revoke", async () => {
      await client.removeKey(key.key_id);
      say(`The key “${key.name}” does not work any more.`);
      await refresh();
    });
  return (
    <div className={css["page"]}>
      <div className={css["head"]}>
        <h1>Keys and owners</h1>
        <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
          New key
        </Button>
      </div>
      {keys.isPending || owners.isPending ? (
        <Loading what="keys and owners">
          <div className={css["page"]}>
            <Skeleton height={168} />
            <Skeleton height={216} />
          </div>
        </Loading>
      ) : (
        <>
          <Owners query={owners} />
          <Keys query={keys} onRevoke={setRevoking} />
        </>
      )}
      {adding && (
        <NewKey
          owners={owners.data?.owners ?? []}
          onClose={() => setAdding(false)}
          onMade={(text) => {
            setMade(text);
            void refresh();
          }}
        />
      )}
      {made !== null && (
        <Dialog open onClose={() => setMade(null)} title="The new key" text="Copy it now: only its fingerprint is kept, so it cannot be shown again.">
          <Code wrap label="API key" text={made} />
          <DialogEnd>
            <Button kind="primary" onClick={() => setMade(null)}>
              I have copied it
            </Button>
          </DialogEnd>
        </Dialog>
      )}
      {revoking !== null && (
        <Confirm
          open
          onClose={() => setRevoking(null)}
          title="Revoke this key?"
          text={
            <>
              Whatever uses <bdi>“{revoking.name}”</bdi> is refused from the next request on. This cannot be undone.
            </>
          }
          action="Revoke"
          busyWord="Revoking …"
          onConfirm={() => revoke(revoking)}
        />
      )}
    </div>
  );
}

function Keys({ query, onRevoke }: { query: UseQueryResult<{ keys: Key[] }>; onRevoke: (key: Key) => void }) {
  return (
    <section className={`${css["box"]} ${uiCss["card"]}`} aria-label="Keys">
      <div className={css["boxHead"]}>
        <h2>Keys</h2>
      </div>
      <Trouble query={query} />
      {query.data !== undefined && (
        <div className={uiCss["scrollX"]} tabIndex={0} role="region" aria-label="Table of keys">
          <table className={uiCss["table"]}>
            <thead>
              <tr>
                <th>Name</th>
                <th>Owner</th>
                <th>Role</th>
                <th>Made</th>
                <th>Ends</th>
                <th>Last used</th>
                <th>
                  <span className={uiCss["hidden"]}>Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {query.data.keys.map((key) => (
                <tr key={key.key_id} data-key={key.key_id}>
                  <td className={css["name"]}>
                    <bdi>{key.name}</bdi>
                  </td>
                  <td className={css["name"]}>
                    <bdi>{key.owner}</bdi>
                  </td>
                  <td>{key.role === "ADMIN" ? "Admin" : "Owner"}</td>
                  <td>
                    <Ago at={key.created_at} />
                  </td>
                  <td>{key.expires_at === null ? "never" : <span title={absolute(key.expires_at)}>{new Date(key.expires_at).toLocaleDateString()}</span>}</td>
                  <td>{key.last_used_at === null ? "–" : <Ago at={key.last_used_at} />}</td>
                  <td className={uiCss["num"]}>
                    <Button kind="quiet" small danger aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
                      Revoke
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Owners({ query }: { query: UseQueryResult<{ owners: Owner[] }> }) {
  const owners = query.data?.owners;
  return (
    <section className={`${css["box"]} ${uiCss["card"]}`} aria-label="Owners">
      <div className={css["boxHead"]}>
        <h2>Owners</h2>
        <p className={uiCss["muted"]}>They share the workers fairly and never see each other’s videos.</p>
      </div>
      <Trouble query={query} />
      {owners !== undefined && (
        <div className={uiCss["scrollX"]} tabIndex={0} role="region" aria-label="Table of owners">
          <table className={uiCss["table"]}>
            <thead>
              <tr>
                <th>Owner</th>
                <th className={uiCss["num"]}>Jobs</th>
                <th className={uiCss["num"]}>Open</th>
                <th className={uiCss["num"]}>Running steps</th>
                <th className={uiCss["num"]}>Stored</th>
                <th className={uiCss["num"]}>Keys</th>
                <th>Last active</th>
              </tr>
            </thead>
            <tbody>
              {owners.map((owner) => (
                <tr key={owner.owner} data-owner={owner.owner}>
                  <td className={css["name"]}>
                    <bdi>{owner.owner}</bdi>
                  </td>
                  <td className={uiCss["num"]}>
                    <Link to={`/jobs?owner=${encodeURIComponent(owner.owner)}`}>{count(owner.jobs)}</Link>
                  </td>
                  <td className={uiCss["num"]}>{count(owner.open_jobs)}</td>
                  <td className={uiCss["num"]}>{count(owner.running_steps)}</td>
                  <td className={uiCss["num"]}>{size(owner.stored_bytes)}</td>
                  <td className={uiCss["num"]}>{count(owner.keys)}</td>
                  <td>{owner.last_activity_at === null ? "–" : <Ago at={owner.last_activity_at} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const ENDS = [
  ["", "never"],
  ["24h", "in a day"],
  ["168h", "in a week"],
  ["720h", "in 30 days"],
  ["8760h", "in a year"],
] as const;

function NewKey({ owners, onClose, onMade }: { owners: Owner[]; onClose: () => void; onMade: (key: string) => void }) {
  const [owner, setOwner] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<"owner" | "admin">("owner");
  const [ends, setEnds] = useState("");
  const id = useId();
  const { trouble, busy, submit } = useForm(async () => {
    const { key } = await client.addKey({ owner: owner.trim(), name: name.trim(), role, ...(ends === "" ? {} : { expires_in: ends }) });
    onMade(key);
  }, onClose);
  return (
    <Dialog open onClose={onClose} title="New key" text="A key belongs to an owner. A name that does not exist yet makes a new owner.">
      <form className={css["form"]} onSubmit={submit}>
        {trouble !== null && <Alert>{trouble}</Alert>}
        <Field label="Owner" required maxLength={128} value={owner} onChange={(event) => setOwner(event.target.value)} list={`${id}-owners`} autoFocus />
        <datalist id={`${id}-owners`}>
          {owners.map((one) => (
            <option key={one.owner} value={one.owner} />
          ))}
        </datalist>
        <Field label="Name" required maxLength={128} value={name} onChange={(event) => setName(event.target.value)} hint="What will use it, such as “web shop”." />
        <label className={uiCss["field"]}>
          <span>Role</span>
          <select className={css["select"]} value={role} onChange={(event) => setRole(event.target.value === "admin" ? "admin" : "owner")}>
            <option value="owner">Owner: their own videos</option>
            <option value="admin">Admin: everything</option>
          </select>
        </label>
        <label className={uiCss["field"]}>
          <span>Ends</span>
          <select className={css["select"]} value={ends} onChange={(event) => setEnds(event.target.value)}>
            {ENDS.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
        <DialogEnd>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" busy={busy} busyWord="Making it …">
            Make the key
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
