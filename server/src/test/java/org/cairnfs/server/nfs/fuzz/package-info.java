/** Real requests of all protocols with damage, sent to a whole server. */
package org.cairnfs.server.nfs.fuzz;
