/** Extents and what they refer to: cutting, replacing, and which chunks live. */
package org.cairnfs.core.data.extent;
