/** Dirty ranges: what was written and is in the journal, but not yet in extents. */
package org.cairnfs.core.data.dirty;
