package org.cairnfs.server.app;

import java.nio.file.Path;
import java.util.Optional;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;
import org.cairnfs.server.config.ServerConfig;

/**
 * Makes and opens file systems. Every failure that a person can cause is a {@link CairnException} with its own
 * {@link org.cairnfs.server.ExitCode}, and leaves bucket and state directory as they were.
 */
public interface VolumeFactory {
    /**
     * Whether the storage holds a file system, and of which kind.
     *
     * @throws CairnException when the storage cannot be reached or denies access; that it is not there is an answer
     */
    Presence probe(StorageUrl storage, CredentialsSource credentials) throws CairnException;

    /** Makes a new, empty file system; refuses where there is one. A missing local folder is made. */
    Made mkfs(MkfsOptions options, Progress progress) throws CairnException;

    /** Opens a file system: takes the bucket, replays or rebuilds the local state, and is ready to serve. */
    Volume open(OpenOptions options, Progress progress) throws CairnException;

    /** What lies at a storage URL. */
    enum Presence {
        /** No such bucket or folder. */
        NO_STORAGE,
        /** A bucket or folder without a file system in it. */
        NO_FILE_SYSTEM,
        /** A file system that opens without a secret. */
        PLAIN,
        /** A file system that wants a passphrase. */
        ENCRYPTED;

        public boolean isFileSystem() {
            return this == PLAIN || this == ENCRYPTED;
        }
    }

    /**
     * What a new file system is to be like; fixed for its life.
     *
     * @param credentials the login to the storage
     * @param passphrase of the first key slot; empty for a file system without encryption
     * @param averageChunkBytes of content-defined chunks, a power of two
     * @param label for people, may be empty; at most 255 bytes of UTF-8
     */
    record MkfsOptions(
            StorageUrl storage,
            CredentialsSource credentials,
            Optional<Passphrase> passphrase,
            Compression compression,
            int averageChunkBytes,
            String label) {}

    /**
     * What mkfs made.
     *
     * @param fileSystemId as printed by status
     * @param recoveryKey of a second key slot, for a person to write down, shown once; empty without encryption
     */
    record Made(String fileSystemId, Optional<String> recoveryKey) {}

    /**
     * How to open.
     *
     * @param passphrase empty for a file system without encryption
     * @param stateDirectory exists, is 0700, is locked by the caller, and belongs to this server alone
     * @param claim what is asked of the storage
     */
    record OpenOptions(
            StorageUrl storage,
            Optional<Passphrase> passphrase,
            Path stateDirectory,
            ServerConfig config,
            StorageClaim claim) {}
}
