package org.cairnfs.core.fs;

/** The changes of both directories of a rename; equal when they are one. */
public record Renamed(DirectoryChange source, DirectoryChange target) {}
