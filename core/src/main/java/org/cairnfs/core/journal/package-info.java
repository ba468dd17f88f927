/**
 * The write-ahead journal: append, group sync, replay, trim. It is the truth; the database and all memory state are derived
 * from it. Knows bytes, not their meaning ({@code org.cairnfs.core.record} does).
 */
package org.cairnfs.core.journal;
