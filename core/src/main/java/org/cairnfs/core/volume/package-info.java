/** One open file system, put together: bucket, journal, metadata, data engine and verbs; opening, upkeep, and the clean end. */
package org.cairnfs.core.volume;
