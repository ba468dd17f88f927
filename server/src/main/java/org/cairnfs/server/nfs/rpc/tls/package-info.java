/** What a server shows and asks for in TLS: certificates and keys from files. */
package org.cairnfs.server.nfs.rpc.tls;
