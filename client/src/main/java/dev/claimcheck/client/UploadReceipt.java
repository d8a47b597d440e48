package dev.claimcheck.client;

/** The claim check: which job an upload belongs to. {@code alreadyUploaded} is true where the service knew the file. */
public record UploadReceipt(String jobId, String status, String message, String statusUrl, boolean alreadyUploaded) {}
