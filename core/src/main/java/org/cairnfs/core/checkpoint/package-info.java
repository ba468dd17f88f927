/** Checkpoints: dumps of the metadata in the bucket, of which a lost or damaged database is made again. */
package org.cairnfs.core.checkpoint;
