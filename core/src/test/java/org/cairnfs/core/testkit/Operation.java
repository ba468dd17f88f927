package org.cairnfs.core.testkit;

import java.util.List;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;

/**
 * One call of a verb, as a value that prints itself. Names inodes by labels, which are bound by what creates or finds; so an
 * operation makes sense after any others, or none, and sequences of them can be shortened. They are in {@link NameOperations},
 * {@link FileOperations} and {@link Circumstances}.
 */
interface Operation {
    /** Calls the verb, and tells what it gave; labels are known. */
    String run(OpContext op, Side side) throws FsException;

    /** The labels that must be known. */
    List<Integer> labels();

    /** Calls the verb; what it throws is told as its errno. */
    default String outcome(OpContext op, Side side) {
        if (!labels().stream().allMatch(label -> side.handle(label).isPresent())) {
            return "skipped";
        }
        try {
            return run(op, side);
        } catch (FsException e) {
            return e.errno().name();
        }
    }
}
