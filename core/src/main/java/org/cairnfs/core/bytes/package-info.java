/** Fields of binary formats, big-endian: written without surprises, read with bounds. */
package org.cairnfs.core.bytes;
