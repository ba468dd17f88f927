package org.cairnfs.server.app;

import java.io.IOException;
import org.cairnfs.core.bucket.BucketException;
import org.cairnfs.core.crypto.WrongSecretException;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectStoreException;
import org.cairnfs.core.volume.VolumeException;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.Failures;

/** Says failures of the engine as commands say them: exit code, one line, what to do next. */
final class EngineFailures {
    private static final String HELD_ADVICE = "stop that server first or, when it is dead for good, add --take-over";

    private static final String LOCKED_ADVICE = "see 'cairn lock --list'";

    private EngineFailures() {}

    static CairnException of(VolumeException failure) {
        return switch (failure.kind()) {
            case STATE_MISMATCH -> failure(ExitCode.STATE_UNUSABLE, failure, "");
            case DAMAGED ->
                failure(ExitCode.DAMAGED, failure, "move the state directory away to rebuild it from the bucket");
            case LOCAL_STORAGE ->
                Failures.isDiskFull(failure)
                        ? failure(ExitCode.DISK_FULL, failure, "free some space there, then start again")
                        : failure(
                                ExitCode.STATE_UNUSABLE,
                                failure,
                                "see to the disk and the permissions of the state directory");
            case HELD -> failure(ExitCode.BUCKET_IN_USE, failure, HELD_ADVICE);
            case ROLLED_BACK -> failure(ExitCode.ROLLED_BACK, failure, "");
            case NOT_KEPT -> failure(ExitCode.USAGE, failure, "see 'cairn restore-metadata --list'");
            case LOCKED -> failure(ExitCode.LOCKED, failure, LOCKED_ADVICE);
            case STORE ->
                failure.getCause() instanceof IOException cause
                        ? of(cause)
                        : failure(ExitCode.STORE_UNREACHABLE, failure, "see to the storage and start again");
        };
    }

    static CairnException of(IOException failure) {
        if (failure instanceof BucketException bucket) {
            return ofBucket(bucket);
        } else if (failure instanceof WrongSecretException) {
            return failure(ExitCode.WRONG_PASSPHRASE, failure, "check the passphrase or its file");
        } else if (failure instanceof CorruptObjectException) {
            return failure(ExitCode.DAMAGED, failure, "restore that object, from a copy of the storage");
        } else if (failure instanceof ObjectStoreException store) {
            return ofStore(store);
        }
        return failure(ExitCode.STATE_UNUSABLE, failure, "");
    }

    /** Of a path that a person gave. */
    static CairnException of(FsException failure) {
        return switch (failure.errno()) {
            case ENOENT, ENOTDIR, EINVAL, ENAMETOOLONG, ESTALE, EEXIST, EXDEV, EDQUOT, EMLINK ->
                failure(ExitCode.USAGE, failure, "");
            case EPERM -> failure(ExitCode.LOCKED, failure, LOCKED_ADVICE);
            case EAGAIN -> failure(ExitCode.STORE_UNREACHABLE, failure, "see to the storage");
            default -> failure(ExitCode.DAMAGED, failure, "the log names the object");
        };
    }

    private static CairnException ofBucket(BucketException failure) {
        return switch (failure.kind()) {
            case NO_FILE_SYSTEM -> failure(ExitCode.NO_FILE_SYSTEM, failure, "make one with cairn mkfs");
            case EXISTS -> failure(ExitCode.FILE_SYSTEM_EXISTS, failure, "choose another place, or serve that one");
            case UNSUPPORTED -> failure(ExitCode.UNSUPPORTED_FORMAT, failure, "");
            case SECRET_NEEDED -> failure(ExitCode.SECRET_MISSING, failure, "give --passphrase-file");
            case NOT_ENCRYPTED ->
                failure(ExitCode.USAGE, failure, "leave the passphrase out only if you made it with --plain");
            case HELD -> failure(ExitCode.BUCKET_IN_USE, failure, HELD_ADVICE);
        };
    }

    private static CairnException ofStore(ObjectStoreException failure) {
        return switch (failure.kind()) {
            case MISSING -> failure(ExitCode.STORE_MISSING, failure, "make it, or correct the storage URL");
            case CREDENTIALS ->
                failure(ExitCode.STORE_CREDENTIALS, failure, "see --credentials-file and docs/object-stores.md");
            case DENIED -> failure(ExitCode.STORE_DENIED, failure, "see to its permissions");
            case FULL -> failure(ExitCode.STORE_FULL, failure, "make room there");
            case TRANSIENT, PERMANENT -> failure(ExitCode.STORE_UNREACHABLE, failure, "see to the storage");
        };
    }

    private static CairnException failure(ExitCode code, Exception failure, String advice) {
        return new CairnException(code, failure.getMessage(), advice, failure);
    }
}
