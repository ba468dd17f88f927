package org.cairnfs.core.fs;

/**
 * What a create led to.
 *
 * @param created false when the name was there already and that was acceptable
 */
public record Created(Node node, DirectoryChange directory, boolean created) {}
