package org.cairnfs.core.fs;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Bytes that were read, in pieces that may be views of cached chunks: read-only, and to be used before the next restart of
 * the caller's request only (no release is needed; they are kept alive by reachability).
 *
 * @param pieces in order; together {@code length} bytes
 * @param length bytes in all
 * @param end whether the last byte of the file is in it, or the offset was at or past the end
 */
public record ReadResult(List<ByteBuffer> pieces, int length, boolean end) {}
