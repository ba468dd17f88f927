package org.cairnfs.core.metadata;

/**
 * Which stretch of the journal a dump belongs to. Its rows were read while the file system went on; together with the replay of
 * all records above {@code applied} they are the state of any sequence from {@code consistent} on.
 *
 * @param applied all change sets, and all lazy rows, up to here are in the dump
 * @param low oldest record that unflushed contents may still need
 * @param consistent the journal's newest sequence when the last row was read
 */
public record DumpRange(long applied, long low, long consistent) {}
