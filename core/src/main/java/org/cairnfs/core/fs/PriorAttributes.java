package org.cairnfs.core.fs;

/**
 * What a file was like just before a change, taken atomically with it: by this a client of NFSv3 finds out whether anybody else
 * has changed what it caches (wcc_attr, RFC 1813 section 2.6).
 *
 * @param size bytes
 * @param mtime nanoseconds since the epoch
 * @param ctime nanoseconds since the epoch
 * @param change see {@link Attributes#change()}
 */
public record PriorAttributes(long size, long mtime, long ctime, long change) {
    /** Those of what stat(2) tells. */
    public static PriorAttributes of(Attributes attributes) {
        return new PriorAttributes(attributes.size(), attributes.mtime(), attributes.ctime(), attributes.change());
    }
}
