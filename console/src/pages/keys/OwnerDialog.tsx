import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { client } from "../../app/session";
import { Refused, type Owner } from "../../client";
import { Alert, Button, Dialog, DialogEnd, Field } from "../../ui/ui";
import css from "./Keys.module.css";

type Setting = "weight" | "max_running" | "max_open";

const WORDS: Record<Setting, { label: string; hint: string }> = {
  weight: { label: "Weight", hint: "Twice the weight gets twice the share while others wait too." },
  max_running: { label: "Steps at once, at most", hint: "Further ones wait, even while workers are idle." },
  max_open: { label: "Open jobs, at most", hint: "Further uploads are refused until some have ended." },
};

/** What an owner may use; only what the service has a setting for. */
export function OwnerDialog({ owner, onClose }: { owner: Owner; onClose: () => void }) {
  const cache = useQueryClient();
  const settings = (Object.keys(WORDS) as Setting[]).filter((setting) => owner[setting] !== undefined);
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(settings.map((setting) => [setting, String(owner[setting] ?? "")])));
  const [trouble, setTrouble] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = Object.fromEntries(settings.filter((setting) => values[setting] !== "").map((setting) => [setting, Number(values[setting])]));
    client.changeOwner(owner.owner, body).then(
      () => {
        void cache.invalidateQueries({ queryKey: ["owners"] });
        onClose();
      },
      (failure: unknown) => {
        if (!(failure instanceof Refused)) throw failure;
        setTrouble(failure.message);
      },
    );
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        <>
          Limits of <bdi>{owner.owner}</bdi>
        </>
      }
    >
      <form className={css["form"]} onSubmit={submit}>
        {trouble !== null && <Alert>{trouble}</Alert>}
        {settings.map((setting) => (
          <Field
            key={setting}
            type="number"
            min={setting === "weight" ? 0.01 : 1}
            step={setting === "weight" ? "any" : 1}
            label={WORDS[setting].label}
            hint={WORDS[setting].hint}
            value={values[setting] ?? ""}
            onChange={(event) => setValues((now) => ({ ...now, [setting]: event.target.value }))}
          />
        ))}
        <DialogEnd>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Save
          </Button>
        </DialogEnd>
      </form>
    </Dialog>
  );
}
