/** Bounded caches of chunks: decoded on the heap, sealed on the disk. */
package org.cairnfs.core.cache;
