import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

/** Resumable: goes on after a cut, and after a reload when the same file is added again. */
export function tus(server, key) {
  const uppy = new Uppy().use(Tus, {
    endpoint: `${server}/videos/tus`,
    headers: { Authorization: `Bearer ${key}` },
    removeFingerprintOnSuccess: true,
  });
  uppy.on("upload-success", (file, { body }) => {
    uppy.setFileMeta(file.id, { job_id: body.xhr.getResponseHeader("Claimcheck-Job-Id") });
  });
  return uppy;
}
