/**
 * The port to object storage ({@link org.cairnfs.core.objectstore.ObjectStore}), its decorators (one per concern) and
 * its implementation on a local folder. Knows bytes and keys, nothing of what they mean.
 */
package org.cairnfs.core.objectstore;
