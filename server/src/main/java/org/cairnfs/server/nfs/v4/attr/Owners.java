package org.cairnfs.server.nfs.v4.attr;

import org.cairnfs.server.nfs.v4.NfsException;

/**
 * Translates between user and group numbers and the strings that stand for them on the wire (RFC 8881 section 5.9).
 * Safe for use by any number of threads.
 */
public interface Owners {
    /** The string of a user, as the bytes of its UTF-8. */
    byte[] owner(int uid);

    /** The string of a group, as the bytes of its UTF-8. */
    byte[] group(int gid);

    /** The user of a string; BADOWNER if there is none, INVAL if it is empty. */
    int uid(byte[] owner) throws NfsException;

    /** The group of a string; BADOWNER if there is none, INVAL if it is empty. */
    int gid(byte[] group) throws NfsException;
}
