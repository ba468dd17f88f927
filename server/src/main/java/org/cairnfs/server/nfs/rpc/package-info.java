/** ONC RPC (RFC 5531) over TCP, guarded against hostile peers. */
package org.cairnfs.server.nfs.rpc;
