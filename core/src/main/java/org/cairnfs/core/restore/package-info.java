/** Which moments of the past a file system can be put back to, from what its bucket says. Reads only. */
package org.cairnfs.core.restore;
