// Uploads one file with tus-js-client, unchanged. One line on the standard output for each thing that happens; "abort" on the standard input pauses the upload,
// "resume" begins a new one, as after a restart, that finds the old one again.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { FileUrlStorage, Upload } from "tus-js-client";

const [endpoint, key, file, name, state, parallel] = process.argv.slice(2);
const say = (event, detail = "") => console.log(`${event} ${detail}`.trim());

function make() {
  return new Upload(createReadStream(file), {
    endpoint,
    headers: { Authorization: `Bearer ${key}` },
    metadata: { filename: name, filetype: "video/mp4" },
    chunkSize: parallel > 1 ? Infinity : 1_000_000,
    parallelUploads: Number(parallel),
    retryDelays: [100, 200, 400, 800, 1600],
    removeFingerprintOnSuccess: true,
    urlStorage: new FileUrlStorage(state),
    fingerprint: async () => `test-${name}`,
    onProgress: (sent) => say("progress", sent),
    onChunkComplete: (_chunk, accepted) => say("accepted", accepted),
    onError: (error) => say("error", error.message.replaceAll("\n", " ")),
    onSuccess: ({ lastResponse }) => {
      say("done", lastResponse.getHeader("Claimcheck-Job-Id"));
      process.exit(0);
    },
  });
}

let upload = make();
createInterface({ input: process.stdin }).on("line", async (command) => {
  if (command === "abort") {
    await upload.abort();
    say("aborted");
  } else {
    upload = make();
    const previous = await upload.findPreviousUploads();
    say("found", previous.length);
    previous.forEach((one) => upload.resumeFromPreviousUpload(one));
    upload.start();
  }
});
upload.start();
