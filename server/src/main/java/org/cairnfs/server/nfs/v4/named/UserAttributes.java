package org.cairnfs.server.nfs.v4.named;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;

/** The names of {@code user.} attributes as NFS knows them, without that prefix: xattrkey4, and names of named attributes. */
public final class UserAttributes {
    private static final byte[] PREFIX = "user.".getBytes(StandardCharsets.US_ASCII);

    /** Numbers below are none of an attribute: as a directory cookie they have a meaning (RFC 8881 section 18.23.3). */
    private static final long FIRST_ID = 3;

    private UserAttributes() {}

    /** The attribute of a name without the prefix; EINVAL or ENAMETOOLONG if there cannot be one. */
    public static Name attribute(byte[] name) throws FsException {
        byte[] bytes = Arrays.copyOf(PREFIX, PREFIX.length + name.length);
        System.arraycopy(name, 0, bytes, PREFIX.length, name.length);
        return Name.ofAttribute(bytes);
    }

    /** The name of an attribute without the prefix; empty if it is not in the user namespace, of which alone NFS knows. */
    public static Optional<Bytes> nameOf(Name attribute) {
        byte[] bytes = attribute.bytes();
        return Arrays.equals(bytes, 0, Math.min(bytes.length, PREFIX.length), PREFIX, 0, PREFIX.length)
                ? Optional.of(Bytes.ofTrusted(Arrays.copyOfRange(bytes, PREFIX.length, bytes.length)))
                : Optional.empty();
    }

    /** Whether an attribute has a name that a file can have, too. */
    static boolean isFile(Name attribute) {
        Optional<Bytes> name = nameOf(attribute);
        try {
            return name.isPresent() && Name.of(name.get().toArray()) != null;
        } catch (FsException e) {
            return false;
        }
    }

    /**
     * A positive number for an attribute, the same for ever: its part of the file handle, which has no room for every name, and its
     * place in the directory. That two attributes of one file have the same is as likely as a collision of 63 bits.
     */
    static long idOf(Name attribute) {
        long id = Hashing.sha256().hashBytes(attribute.bytes()).asLong() & Long.MAX_VALUE;
        return Math.max(id, FIRST_ID);
    }
}
