package org.cairnfs.server.nfs.v4.attr;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;

/**
 * Tells owners as decimal numbers, as AUTH_SYS clients want them (RFC 7530 section 5.9), and takes numbers,
 * {@code name} and {@code name@domain}, where the host's passwd and group files know the name.
 *
 * <p>The domain is not looked at: the credentials of AUTH_SYS are numbers of one common space anyway. Safe for use by any
 * number of threads.
 */
public final class HostOwners implements Owners {
    private static final int LONGEST_NUMBER = 10;

    private final NameDatabase users;
    private final NameDatabase groups;

    /** With the files of a UNIX host: passwd(5) and group(5). */
    public HostOwners(Path passwd, Path group) {
        this.users = new NameDatabase(passwd);
        this.groups = new NameDatabase(group);
    }

    /** With the files of this host. */
    public static HostOwners ofThisHost() {
        return new HostOwners(Path.of("/etc/passwd"), Path.of("/etc/group"));
    }

    @Override
    public byte[] owner(int uid) {
        return decimal(uid);
    }

    @Override
    public byte[] group(int gid) {
        return decimal(gid);
    }

    @Override
    public int uid(byte[] owner) throws NfsException {
        return number(owner, users);
    }

    @Override
    public int gid(byte[] group) throws NfsException {
        return number(group, groups);
    }

    private static byte[] decimal(int id) {
        return Integer.toUnsignedString(id).getBytes(StandardCharsets.US_ASCII);
    }

    private static int number(byte[] string, NameDatabase names) throws NfsException {
        if (string.length == 0) {
            throw new NfsException(NfsStatus.INVAL, "an empty owner");
        }
        if (isDecimal(string)) {
            long number = Long.parseLong(new String(string, StandardCharsets.US_ASCII));
            if (number <= 0xFFFF_FFFFL) {
                return (int) number;
            }
            throw new NfsException(NfsStatus.BADOWNER, "a number over 32 bits");
        }
        String name = new String(string, StandardCharsets.UTF_8);
        int at = name.indexOf('@');
        OptionalInt id = names.find(at < 0 ? name : name.substring(0, at));
        return id.orElseThrow(() -> new NfsException(NfsStatus.BADOWNER, "no such user or group on this host"));
    }

    /** Whether it is a plain number without sign and leading zeros (RFC 7530 section 5.9). */
    private static boolean isDecimal(byte[] string) {
        if (string.length > LONGEST_NUMBER || string[0] == '0' && string.length > 1) {
            return false;
        }
        for (byte digit : string) {
            if (digit < '0' || digit > '9') {
                return false;
            }
        }
        return true;
    }
}
