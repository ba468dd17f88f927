package org.cairnfs.core.metadata.row;

/**
 * The limits of a quota root; 0 is no limit.
 *
 * @param graceSeconds how long a soft limit may be exceeded
 * @param exceededSince wall clock in milliseconds since when a soft limit is exceeded, 0 if none is
 */
public record QuotaRow(
        long root,
        long softBytes,
        long hardBytes,
        long softInodes,
        long hardInodes,
        long graceSeconds,
        long exceededSince)
        implements Row {
    @Override
    public RowKey.Quota key() {
        return new RowKey.Quota(root);
    }

    public QuotaRow withExceededSince(long millis) {
        return new QuotaRow(root, softBytes, hardBytes, softInodes, hardInodes, graceSeconds, millis);
    }
}
