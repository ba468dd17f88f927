/** What trees hold, and what of the storage is theirs. */
package org.cairnfs.core.usage;
