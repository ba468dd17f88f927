/** Snapshots: names for epochs, what they keep, and what goes with them. */
package org.cairnfs.core.snapshot;
