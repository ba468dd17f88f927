/**
 * The H2 database under the metadata store: schema, one table binding for each kind of row, connections, range queries, and
 * the file that never gets ahead of the journal. Knows SQL; knows nothing of mutations, caches or replay.
 */
package org.cairnfs.core.metadata.h2;
