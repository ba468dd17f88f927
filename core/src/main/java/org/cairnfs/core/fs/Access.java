package org.cairnfs.core.fs;

/** Bits of an access check, as in access(2). */
public final class Access {
    public static final int READ = 4;
    public static final int WRITE = 2;
    public static final int EXECUTE = 1;

    private Access() {}
}
