/**
 * Trees that nobody changes: the one rule that every changing verb asks, the clock that dates of locks are held against, and the
 * background work that brings a lock to each inode of a tree, and takes it away.
 */
package org.cairnfs.core.treelock;
