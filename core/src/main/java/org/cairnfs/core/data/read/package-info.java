/** The read path: dirty ranges over extents, decoded chunks from the caches or the store. */
package org.cairnfs.core.data.read;
