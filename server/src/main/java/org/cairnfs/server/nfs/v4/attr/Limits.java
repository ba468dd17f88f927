package org.cairnfs.server.nfs.v4.attr;

/**
 * The figures that the server tells its clients and holds them to.
 *
 * @param maxRead bytes of one READ at most
 * @param maxWrite bytes of one WRITE at most
 */
public record Limits(int maxRead, int maxWrite) {
    /** 1 MiB each, as Linux' own server has it. */
    public static final Limits DEFAULT = new Limits(1 << 20, 1 << 20);
}
