/**
 * RPCSEC_GSS version 1 (RFC 2203) with Kerberos (RFC 4121): who calls is proved, and what is said can be protected.
 *
 * <p>{@link org.cairnfs.server.nfs.rpc.gss.GssAuthenticator} speaks the protocol; {@link org.cairnfs.server.nfs.rpc.gss.GssContexts} keeps
 * the contexts that clients have made, {@link org.cairnfs.server.nfs.rpc.gss.SequenceWindow} refuses what came before; {@link
 * org.cairnfs.server.nfs.rpc.gss.KerberosMechanism} does the cryptography by the JDK's GSS-API, with the server's keys from a keytab;
 * {@link org.cairnfs.server.nfs.rpc.gss.HostPrincipals} says who a principal is on this host.
 */
package org.cairnfs.server.nfs.rpc.gss;
