package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.s3.S3Settings.Encryption;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Asks for encryption at rest, in each kind of request that makes an object. */
final class S3Encryption {
    private S3Encryption() {}

    static PutObjectRequest.Builder of(Encryption wanted, PutObjectRequest.Builder request) {
        return switch (wanted) {
            case Encryption.BucketDefault _ -> request;
            case Encryption.Aes256 _ -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.Kms kms ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(kms.keyId().orElse(null));
        };
    }

    static CreateMultipartUploadRequest.Builder of(Encryption wanted, CreateMultipartUploadRequest.Builder request) {
        return switch (wanted) {
            case Encryption.BucketDefault _ -> request;
            case Encryption.Aes256 _ -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.Kms kms ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(kms.keyId().orElse(null));
        };
    }

    static CopyObjectRequest.Builder of(Encryption wanted, CopyObjectRequest.Builder request) {
        return switch (wanted) {
            case Encryption.BucketDefault _ -> request;
            case Encryption.Aes256 _ -> request.serverSideEncryption(ServerSideEncryption.AES256);
            case Encryption.Kms kms ->
                request.serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId(kms.keyId().orElse(null));
        };
    }
}
