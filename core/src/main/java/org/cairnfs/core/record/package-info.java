/** What a journal record says: row changes, content operations, origins; and the bytes that say it. */
package org.cairnfs.core.record;
