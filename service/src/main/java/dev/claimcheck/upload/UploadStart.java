package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a client says of an upload before its bytes come.
 *
 * @param length of the whole content in bytes, where it is known
 * @param sha256 of the content, where it is known
 */
public record UploadStart(
        OwnerId owner,
        FileName name,
        @Nullable String contentType,
        Processing processing,
        Priority priority,
        OptionalLong length,
        Optional<Digest> sha256) {}
