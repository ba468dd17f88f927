package org.cairnfs.core.crypto;

/** What a person gives to open a file system. Never printed; overwritten when closed. */
public sealed interface Secret extends AutoCloseable permits Passphrase, RecoveryKey {
    /** Overwrites it. */
    @Override
    void close();
}
