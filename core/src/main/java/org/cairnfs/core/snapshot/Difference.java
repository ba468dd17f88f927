package org.cairnfs.core.snapshot;

import java.util.Set;
import org.cairnfs.core.fs.FileType;

/**
 * Something that is another in one snapshot than in an earlier one.
 *
 * @param path absolute, in the later one; of what was removed, in the earlier one
 * @param before of what was renamed: the path in the earlier one; empty else
 * @param aspects of what was modified: in what; empty else
 */
public record Difference(Kind kind, FileType type, String path, String before, Set<Aspect> aspects) {
    /** What became of it. */
    public enum Kind {
        /** The name is new, and the file, or it is a further hard link. */
        ADDED,
        /** The name is gone, and the file, or the file has others. */
        REMOVED,
        MODIFIED,
        /** It is the same file; what is below a directory that was renamed is not told. */
        RENAMED
    }

    /** In what something was modified. */
    public enum Aspect {
        /**
         * Bytes, size, target or device, or the time at which they were modified last. Of a directory there is none, as each entry
         * is told by itself.
         */
        CONTENTS,
        MODE,
        OWNER,
        /** Extended attributes. */
        XATTRS
    }
}
