package org.cairnfs.fuse.call;

/** A new file, open. */
public record CreatedFile(Entry entry, Opened opened) {}
