import Uppy, { type Body, type Meta } from "@uppy/core";
import Dashboard from "@uppy/dashboard";
import GoldenRetriever from "@uppy/golden-retriever";
import "@uppy/core/css/style.min.css";
import "@uppy/dashboard/css/style.min.css";
import { useEffect, useRef } from "react";
import { useMe } from "../../app/me";
import { useDark } from "../../app/theme";
import { uploads } from "../../app/uploads";
import css from "./Upload.module.css";

const MB = 1 << 20;
/** Larger files are not copied into the browser's storage: after a reload their ticket asks for the file again. The package's own type of this option leaves out what it is for. */
const KEPT: object = { maxFileSize: 512 * MB, maxTotalSize: 2048 * MB };

/**
 * Where files come in: Uppy's Dashboard, which hands them to the tray. Its Golden Retriever keeps them over a reload, in one tab at a time (a Web Lock says which: two tabs sending the same
 * file would cut each other off); without locks or when another tab has it, tickets ask for the file instead.
 */
export default function Drop() {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const { owner } = useMe();
  const uppy = useRef<Uppy<Meta, Body> | null>(null);

  useEffect(() => {
    if (place.current === null) return undefined;
    const one = intake(owner, place.current);
    uppy.current = one.uppy;
    return one.close;
  }, [owner]);
  useEffect(() => {
    const dashboard = uppy.current?.getPlugin<Dashboard<Meta, Body>>("Dashboard");
    dashboard?.setOptions({ theme: dark ? "dark" : "light" });
  }, [dark, owner]);
  return <div className={css["drop"]} data-drop="" ref={place} />;
}

function intake(owner: string, target: HTMLElement): { uppy: Uppy<Meta, Body>; close: () => void } {
  // Each choice of a file counts: the tray says what is wrong with a second one, where Uppy would pass over it in silence.
  const uppy = new Uppy<Meta, Body>({ id: `claimcheck-${owner}`, autoProceed: false, onBeforeFileAdded: (file) => ({ ...file, id: `${file.id}-${crypto.getRandomValues(new Uint32Array(2)).join("")}` }) });
  uppy.use(Dashboard, {
    target,
    inline: true,
    width: "100%",
    height: 208,
    showSelectedFiles: false,
    hideUploadButton: true,
    disableStatusBar: true,
    disableInformer: true,
    disableThumbnailGenerator: true,
    proudlyDisplayPoweredByUppy: false,
    fileManagerSelectionType: "files",
    note: "Any length and format. Uploads go on by themselves after a cut or a reload.",
    locale: { strings: { dropPasteFiles: "Drop videos here or %{browseFiles}", browseFiles: "choose files" } },
  });
  const ids = new Map<string, string[]>();
  const take = (id: string, file: File) => {
    const fingerprint = uploads.fingerprintOf(file);
    ids.set(fingerprint, [...(ids.get(fingerprint) ?? []), id]);
    uploads.add([file]);
  };
  uppy.on("file-added", ({ id, data }) => {
    if (data instanceof File) take(id, data);
  });
  // Kept only as long as it may have to be sent.
  const forget = uploads.onLeft((fingerprint) => {
    for (const id of ids.get(fingerprint) ?? []) if (uppy.getFile(id) !== undefined) uppy.removeFile(id);
    ids.delete(fingerprint);
  });
  uppy.on("restored", () => {
    for (const { id, data, isGhost } of uppy.getFiles()) {
      if (isGhost !== true && data instanceof File && !uploads.has(data)) take(id, data);
      else uppy.removeFile(id); // Too large to be kept: its ticket asks for it.
    }
  });
  const letGo = holdAlone(`claimcheck-uploads-${owner}`, () => uppy.use(GoldenRetriever, { serviceWorker: false, indexedDB: KEPT }));
  return {
    uppy,
    close: () => {
      forget();
      letGo();
      const retriever = uppy.getPlugin("GoldenRetriever"); // First: what Uppy clears when it closes must not be cleared from what is kept.
      if (retriever !== undefined) uppy.removePlugin(retriever);
      uppy.destroy();
    },
  };
}

/** Calls back when this tab has the lock, which it keeps until it lets go or is closed. */
function holdAlone(name: string, then: () => void): () => void {
  let letGo = () => {};
  let gone = false;
  const held = new Promise<void>((resolve) => {
    letGo = () => {
      gone = true;
      resolve();
    };
  });
  if (navigator.locks !== undefined) {
    void navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null || gone) return;
      then();
      await held;
    });
  }
  return letGo;
}
