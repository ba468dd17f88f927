package org.cairnfs.server.nfs.export;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;

/**
 * File handles as clients hold them: which file, and under which export it was given out.
 *
 * <p>Under the export of the whole file system a handle looks as {@link FileHandle#toBytes} makes it. Under any other the wire form is, big-endian:
 * version (1) = {@value #SCOPED}, inode, generation, snapshot number, named attribute, and the inode of the directory that is exported (8 each), and
 * 16 bytes of HMAC-SHA-256 over all that: who may mount a sub-tree cannot make up handles of what is beside it. Which file system it is of is
 * told by the key.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class HandleCodec {
    /** Nothing but the whole file system is exported under this inode number. */
    public static final long WHOLE = 0;

    private static final String HMAC = "HmacSHA256";
    private static final byte SCOPED = 3;
    private static final int MAC_BYTES = 16;
    private static final int BODY_BYTES = 1 + 5 * Long.BYTES;
    private static final int SCOPED_BYTES = BODY_BYTES + MAC_BYTES;

    private final UUID fileSystem;
    private final SecretKeySpec key;

    /** @param key of the file system, so that handles outlive the server; 32 bytes, copied */
    public HandleCodec(UUID fileSystem, byte[] key) {
        this.fileSystem = fileSystem;
        this.key = new SecretKeySpec(key, HMAC);
    }

    /**
     * A file, and where it was come upon.
     *
     * @param scope inode of the exported directory, or {@link #WHOLE}
     */
    public record Scoped(FileHandle handle, long scope) {}

    /** What a client is given for a file under an export. */
    public byte[] encode(FileHandle handle, long scope) {
        if (scope == WHOLE) {
            return handle.toBytes();
        }
        byte[] body = ByteBuffer.allocate(BODY_BYTES)
                .put(SCOPED)
                .putLong(handle.inode())
                .putLong(handle.generation())
                .putLong(handle.snapshot())
                .putLong(handle.attribute())
                .putLong(scope)
                .array();
        return ByteBuffer.allocate(SCOPED_BYTES).put(body).put(mac(body)).array();
    }

    /**
     * Parses what a client presents; says nothing yet about whether the file exists, or who may get at it.
     *
     * @throws FsException EINVAL if it was not given out by this file system
     */
    public Scoped decode(byte[] wire) throws FsException {
        if (wire.length == 0 || wire[0] != SCOPED) {
            return new Scoped(FileHandle.ofBytes(wire), WHOLE);
        }
        if (wire.length != SCOPED_BYTES) {
            throw new FsException(Errno.EINVAL, "not a file handle of ours: " + wire.length + " bytes");
        }
        byte[] body = Arrays.copyOf(wire, BODY_BYTES);
        if (!MessageDigest.isEqual(mac(body), Arrays.copyOfRange(wire, BODY_BYTES, SCOPED_BYTES))) {
            throw new FsException(Errno.EINVAL, "a file handle that was made up");
        }
        ByteBuffer in = ByteBuffer.wrap(body, 1, BODY_BYTES - 1);
        FileHandle handle = new FileHandle(fileSystem, in.getLong(), in.getLong(), in.getLong(), in.getLong());
        return new Scoped(handle, in.getLong());
    }

    private byte[] mac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(body), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }
}
