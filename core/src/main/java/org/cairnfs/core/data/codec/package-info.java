/** How a chunk is compressed before it is sealed. */
package org.cairnfs.core.data.codec;
