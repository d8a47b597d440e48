import Uppy from "@uppy/core";
import AwsS3 from "@uppy/aws-s3";

/** One PUT per file to a URL that is a right by itself; the key stays with whoever asks for it. */
export function presigned(server, key) {
  const post = async (route, body) => {
    const response = await fetch(`${server}/videos/${route}`, {
      method: "POST",
      headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail);
    return answer;
  };
  const uppy = new Uppy().use(AwsS3, {
    shouldUseMultipart: false,
    generateObjectKey: (file) => file.id,
    async signRequest({ key: id, contentType }) {
      const file = uppy.getFile(id);
      const way = await post("upload-url", { filename: file.name, content_type: contentType, size: file.size });
      uppy.setFileMeta(id, { job_id: way.job_id, file_key: way.file_key });
      return { url: way.upload_url, headers: way.headers, key: way.file_key };
    },
  });
  uppy.addPostProcessor(async (ids) => {
    for (const { meta, error } of ids.map((id) => uppy.getFile(id))) {
      if (!error) await post("upload-complete", { job_id: meta.job_id, file_key: meta.file_key });
    }
  });
  return uppy;
}
