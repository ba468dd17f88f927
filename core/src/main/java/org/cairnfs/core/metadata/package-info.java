/**
 * The nouns: rows of inodes, names, extents, chunks, packs; the H2 index that holds them; transactions of the one writer
 * thread; point look-ups from memory. Always rebuildable from a checkpoint and the journal.
 */
package org.cairnfs.core.metadata;
