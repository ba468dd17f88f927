/** Clients that mean no good, and a whole server. */
package org.cairnfs.server.nfs.fuzz;
