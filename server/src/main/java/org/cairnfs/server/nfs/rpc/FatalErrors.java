package org.cairnfs.server.nfs.rpc;

/** Tells a bug, which costs the call that ran into it, from what costs the process. */
final class FatalErrors {
    private FatalErrors() {}

    /**
     * Whether the state of the process is unknown after this: memory ran out, or the JVM itself failed, somewhere in the
     * middle of something. A stack that overflowed is the depth of one call, and what cannot be linked is a bug like others.
     */
    static boolean isFatal(Throwable failure) {
        return failure instanceof Error
                && !(failure instanceof StackOverflowError
                        || failure instanceof AssertionError
                        || failure instanceof LinkageError);
    }
}
