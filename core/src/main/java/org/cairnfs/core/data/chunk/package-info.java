/** Content-defined chunks: where contents are cut, and how a chunk is named. */
package org.cairnfs.core.data.chunk;
