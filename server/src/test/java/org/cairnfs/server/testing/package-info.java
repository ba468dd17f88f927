/** What tests of the whole program need: its processes, a real NFS client, and stand-ins for file system and NFS. */
package org.cairnfs.server.testing;
