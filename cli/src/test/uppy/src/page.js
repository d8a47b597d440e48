import { tus } from "./tus.js";
import { presigned } from "./presigned.js";
import { multipart } from "./multipart.js";

/** Opened as `page.html#{"way": …, "server": …, "key": …}`; what is chosen in the file field is uploaded, and what Uppy says stands in `window.told`. */
const { way, server, key } = JSON.parse(decodeURIComponent(window.location.hash.slice(1)));
const uppy = { tus, presigned, multipart }[way](server, key);
window.uppy = uppy;
window.told = { sent: 0, jobs: [], failures: [] };
uppy.on("upload-progress", (file, progress) => {
  window.told.sent = progress.bytesUploaded;
});
uppy.on("upload-error", (file, error) => window.told.failures.push(error.message));
uppy.on("complete", ({ successful }) => window.told.jobs.push(...successful.map((file) => file.meta.job_id)));
document.querySelector("input").addEventListener("change", ({ target }) => {
  for (const file of target.files) uppy.addFile({ name: file.name, type: file.type, data: file, source: "field" });
  uppy.upload().catch((failure) => window.told.failures.push(failure.message));
});
