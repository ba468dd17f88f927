package org.cairnfs.core.fs;

/** An inode that a verb led to: its handle and its attributes at that moment. */
public record Node(FileHandle handle, Attributes attributes) {}
