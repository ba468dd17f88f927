/** What is told of each operation that clients ask for, whatever the version of NFS. */
package org.cairnfs.server.nfs.watch;
