package org.cairnfs.server;

/**
 * How every {@code cairn} command may end. Scripts rely on the numbers, so a number never changes its meaning;
 * {@code docs/exit-codes.md} says what to do about each, and a test keeps that page complete.
 *
 * <p>Where S3QL has a number for the same thing, it is the same number.
 */
public enum ExitCode {
    /** Done. */
    OK(0, "done"),
    /** A bug of Cairn: please report it with the output of the same command with --debug. */
    INTERNAL(1, "a bug of Cairn"),
    /** Unknown option or command, a missing or malformed argument. */
    USAGE(2, "wrong usage"),
    /** The configuration file or the exports file has an error; the message names line and column. */
    CONFIG(3, "error in a configuration file"),
    /** Log or state files cannot be written, or belong to others. */
    STATE_UNUSABLE(10, "a local folder or file cannot be used"),
    /** The file with a secret may be read by others, or is empty. */
    SECRET_FILE(12, "file with a secret is unsafe"),
    /** A passphrase is needed, but none was given and there is no terminal to ask at. */
    SECRET_MISSING(13, "passphrase missing"),
    /** The object store does not accept the credentials. */
    STORE_CREDENTIALS(14, "store refuses the credentials"),
    /** The object store denies access. */
    STORE_DENIED(15, "store denies access"),
    /** The storage URL names a bucket or folder that does not exist, or is malformed. */
    STORE_MISSING(16, "no such bucket or folder"),
    /** No key slot opens with this passphrase. */
    WRONG_PASSPHRASE(17, "wrong passphrase"),
    /** The bucket or folder is there, but holds no Cairn file system. */
    NO_FILE_SYSTEM(18, "no file system there"),
    /** The object store cannot be reached. */
    STORE_UNREACHABLE(19, "store cannot be reached"),
    /** Another process listens on the port. */
    PORT_IN_USE(20, "port in use"),
    /** The local disk is full. */
    DISK_FULL(21, "local disk full"),
    /** Another server uses the state directory. */
    STATE_IN_USE(22, "state directory in use"),
    /** No server runs there (or anywhere). */
    NO_SERVER(23, "no server running"),
    /** Several servers run; --state must say which is meant. */
    AMBIGUOUS_SERVER(24, "several servers running"),
    /** mkfs: there is a file system already. */
    FILE_SYSTEM_EXISTS(25, "file system exists already"),
    /** No JDK (javac) of version 17 or newer was found; from the launcher. */
    NO_JDK(26, "no JDK"),
    /** Building the program failed; from the launcher. */
    BUILD_FAILED(27, "build failed"),
    /** The server did not answer in time, or answered something else. */
    SERVER_NOT_ANSWERING(28, "server not answering"),
    /** The object store is full, or a quota of it is reached. */
    STORE_FULL(29, "store full"),
    /** Another server holds the bucket. */
    BUCKET_IN_USE(31, "bucket in use by another server"),
    /** The file system was made by a version of Cairn that is too old or too new for this one. */
    UNSUPPORTED_FORMAT(32, "unsupported format"),
    /** The directory to mount on is not there, is not a directory, or holds something. */
    MOUNT_POINT(36, "mount point cannot be used"),
    /** The kernel, or fusermount, does not mount or unmount it. */
    MOUNT_REFUSED(39, "mounting refused"),
    /** Stopped cleanly, but not everything is in the object store yet; the next start goes on with it. */
    NOT_UPLOADED(40, "stopped, not everything uploaded"),
    /** The process ran out of memory and ended as a crash would; the next start has everything that was answered. */
    OUT_OF_MEMORY(41, "out of memory"),
    /** Local state or objects of the store are damaged; the message names which. */
    DAMAGED(44, "damaged data"),
    ROLLED_BACK(45, "storage was rolled back"),
    /** fsck found damage, and repaired all of it. */
    REPAIRED(46, "damage was repaired"),
    /** A tree lock forbids it: see cairn lock --list. */
    LOCKED(47, "an immutable tree is in the way"),
    /** libfuse 2 or /dev/fuse is missing; nothing but mounting needs them. */
    NO_FUSE(50, "no libfuse 2 or no /dev/fuse"),
    /** Programs use files or directories of the mount. */
    MOUNT_BUSY(51, "mount in use"),
    /** No file system of Cairn is mounted there. */
    NOT_MOUNTED(52, "nothing mounted there"),
    /** Ended by the user (Ctrl-C) before it was done. */
    INTERRUPTED(130, "interrupted");

    private final int number;
    private final String summary;

    ExitCode(int number, String summary) {
        this.number = number;
        this.summary = summary;
    }

    /** The exit status of the process, 0 to 255. */
    public int number() {
        return number;
    }

    /** What it means, in a few words. */
    public String summary() {
        return summary;
    }

    /** The code with this number; {@link #INTERNAL} for a number that this version does not know. */
    public static ExitCode ofNumber(int number) {
        for (ExitCode code : values()) {
            if (code.number == number) {
                return code;
            }
        }
        return INTERNAL;
    }
}
