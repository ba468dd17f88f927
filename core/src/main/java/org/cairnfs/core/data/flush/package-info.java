/** The write-back path: dirty ranges are cut into chunks, packed, uploaded, and become extents. */
package org.cairnfs.core.data.flush;
