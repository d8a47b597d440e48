import { Uploads } from "../client";
import { client } from "./session";

let owner = "";

/** To whom what the browser remembers of uploads belongs. */
export function uploadsBelongTo(name: string): void {
  owner = name;
  uploads.look();
}

/** The page's uploads; they go on while its user looks at something else. */
export const uploads = new Uploads(client, () => owner);
