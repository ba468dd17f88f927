package org.cairnfs.fuse.lowlevel;

import jnr.ffi.annotations.Delegate;

/**
 * The shapes of the callbacks of libfuse 2, one for each list of arguments: a {@code long} is a pointer, an inode number, a size or an offset.
 * They are public, for jnr-ffi makes the code that calls them.
 */
public final class Signatures {
    private Signatures() {}

    /** {@code (a, b)}. */
    @FunctionalInterface
    public interface Two {
        @Delegate
        void call(long a, long b);
    }

    /** {@code (a, b, c)}. */
    @FunctionalInterface
    public interface Three {
        @Delegate
        void call(long a, long b, long c);
    }

    /** {@code (a, b, int)}. */
    @FunctionalInterface
    public interface TwoAndInt {
        @Delegate
        void call(long a, long b, int c);
    }

    /** {@code (a, b, c, d)}. */
    @FunctionalInterface
    public interface Four {
        @Delegate
        void call(long a, long b, long c, long d);
    }

    /** {@code (a, b, c, int)}. */
    @FunctionalInterface
    public interface ThreeAndInt {
        @Delegate
        void call(long a, long b, long c, int d);
    }

    /** {@code (a, b, int, d)}. */
    @FunctionalInterface
    public interface TwoIntOne {
        @Delegate
        void call(long a, long b, int c, long d);
    }

    /** {@code (a, b, c, int, e)}. */
    @FunctionalInterface
    public interface ThreeIntOne {
        @Delegate
        void call(long a, long b, long c, int d, long e);
    }

    /** {@code (a, b, c, d, int)}. */
    @FunctionalInterface
    public interface FourAndInt {
        @Delegate
        void call(long a, long b, long c, long d, int e);
    }

    /** {@code (a, b, c, d, e)}. */
    @FunctionalInterface
    public interface Five {
        @Delegate
        void call(long a, long b, long c, long d, long e);
    }

    /** {@code (a, b, c, d, e, f)}. */
    @FunctionalInterface
    public interface Six {
        @Delegate
        void call(long a, long b, long c, long d, long e, long f);
    }

    /** {@code (a, b, c, d, e, int)}. */
    @FunctionalInterface
    public interface FiveAndInt {
        @Delegate
        void call(long a, long b, long c, long d, long e, int f);
    }

    /** {@code (a, b, int, d, e, f)}. */
    @FunctionalInterface
    public interface TwoIntThree {
        @Delegate
        void call(long a, long b, int c, long d, long e, long f);
    }
}
