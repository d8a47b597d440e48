import Uppy from "@uppy/core";
import AwsS3 from "@uppy/aws-s3";

const MIB = 1024 * 1024;

/** Chunks of 8 MiB or more, at most 10,000: what had come before a pause or a failure is not sent again. */
export function multipart(server, key) {
  const getChunkSize = ({ size }) => Math.max(8 * MIB, Math.ceil(size / 10_000));
  const uppy = new Uppy().use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize,
    generateObjectKey: (file) => file.id,
    signRequest({ key: id, uploadId, partNumber }) {
      let url = `${server}/videos/s3-multipart`;
      if (uploadId === undefined) {
        const { name, size } = uppy.getFile(id);
        url += `?${new URLSearchParams({ filename: name, total_size: size, chunk_size: getChunkSize({ size }) })}`;
      } else {
        url += `/${uploadId}` + (partNumber === undefined ? "" : `/${partNumber}`);
      }
      return { url, headers: { Authorization: `Bearer ${key}` } };
    },
  });
  uppy.on("upload-success", (file, { body }) => uppy.setFileMeta(file.id, { job_id: body.key }));
  return uppy;
}
