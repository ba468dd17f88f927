/**
 * Garbage collection, and what is kept to be restored: which packs, log objects and checkpoints nobody needs any more, and how they go
 * without harm, wherever the server dies meanwhile. {@code docs/garbage-collection.md} has the rules and why they hold; {@link
 * org.cairnfs.core.gc.Collector} has the steps.
 */
package org.cairnfs.core.gc;
