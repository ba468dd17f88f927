package org.cairnfs.core.fs;

import java.util.List;

/**
 * A part of a directory in cookie order, without {@code .} and {@code ..}.
 *
 * @param entries at most as many as were asked for
 * @param end whether no entry follows
 */
public record DirectoryPage(List<DirectoryEntry> entries, boolean end) {
    /**
     * One name in a directory.
     *
     * @param cookie stable, unique in its directory, over 2; asking for what comes after it continues behind this entry, even
     *     after the entry was removed or the server restarted
     * @param node of the inode; its attributes are null unless they were asked for
     */
    public record DirectoryEntry(long cookie, Name name, Node node) {}
}
