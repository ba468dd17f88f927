/**
 * Whether a file system is sound: checks of the metadata and of what is in the bucket ({@link org.cairnfs.core.check.Fsck}), repair of what
 * is not, and reading of the data back ({@link org.cairnfs.core.check.Verify}).
 */
package org.cairnfs.core.check;
