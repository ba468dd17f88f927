/** The row types of the metadata tables: immutable images, as they stand in the tables, the journal and checkpoints. */
package org.cairnfs.core.metadata.row;
