/** File contents: dirty ranges, the chunk store and its packs, the read path; {@link org.cairnfs.core.data.Contents} is its door. */
package org.cairnfs.core.data;
