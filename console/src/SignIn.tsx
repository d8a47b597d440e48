import { useState, type FormEvent } from "react";

export function SignIn({ reason, onKey }: { reason: string | null; onKey: (key: string) => void }) {
  const [key, setKey] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") onKey(key.trim());
  };
  return (
    <form className="sign-in" onSubmit={submit}>
      <h1>Sign in</h1>
      {reason !== null && <p role="alert">{reason}</p>}
      <label htmlFor="key">API key</label>
      <input id="key" type="password" autoComplete="off" value={key} onChange={(event) => setKey(event.target.value)} autoFocus />
      <button type="submit">Sign in</button>
      <p className="muted">
        The first start wrote the admin key to <code>claimcheck-data/admin-key</code>. The server also prints a link that signs you in with one click.
      </p>
    </form>
  );
}
