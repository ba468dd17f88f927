/** A client of NFSv3 for tests, and a server over the reference model. */
package org.cairnfs.server.nfs.v3.testing;
