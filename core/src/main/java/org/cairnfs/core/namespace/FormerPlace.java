package org.cairnfs.core.namespace;

import org.cairnfs.core.fs.Name;

/**
 * Where something was before it was removed.
 *
 * @param parent inode of the directory
 * @param name in it
 */
record FormerPlace(long parent, Name name) {}
