/** Where the programs of this server are: portmap version 2 and rpcbind versions 3 and 4 (RFC 1833). */
package org.cairnfs.server.nfs.v3.portmap;
