/** What tests of the mount share: a file system in memory, and callers. */
package org.cairnfs.fuse.testing;
