package dev.claimcheck.job;

/**
 * One result that a step offers.
 *
 * @param path below the job's link, such as {@code hls/720p/init.mp4}; the job's owner sees it
 * @param objectKey where the bytes are in the object store; of this attempt alone
 * @param contentType the media type served
 * @param size in bytes
 */
public record Output(String path, String objectKey, String contentType, long size) {}
