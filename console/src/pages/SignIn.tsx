import { useState, type FormEvent } from "react";
import ticket from "../app/ticket.svg";
import { Alert, Button, Check, classes, Code, Field, uiCss } from "../ui/ui";
import css from "./SignIn.module.css";

export function SignIn({ reason, onKey }: { reason: string | null; onKey: (key: string, stay: boolean) => void }) {
  const [key, setKey] = useState("");
  const [stay, setStay] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() !== "") onKey(key.trim(), stay);
  };
  return (
    <main className={css["page"]}>
      <form className={classes(css["form"], uiCss["card"])} onSubmit={submit}>
        <div className={css["brand"]}>
          <img src={ticket} alt="" width={32} height={32} />
          <h1>Sign in to Claimcheck</h1>
        </div>
        {reason !== null && <Alert>{reason}</Alert>}
        <Field id="key" label="API key" type="password" autoComplete="off" spellCheck={false} value={key} onChange={(event) => setKey(event.target.value)} autoFocus />
        <Check label="Stay signed in on this device" checked={stay} onChange={setStay} />
        <Button kind="primary" type="submit">
          Sign in
        </Button>
        <div className={css["hint"]}>
          <p>The server prints a link that signs you in with one click when it starts. The first start also wrote the admin key to a file in its data folder:</p>
          <Code text="cat claimcheck-data/admin-key" label="Command that shows the admin key" />
        </div>
      </form>
    </main>
  );
}
