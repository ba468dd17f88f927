/** Tests of RPCSEC_GSS, with a mechanism that is none, and with Kerberos. */
package org.cairnfs.server.nfs.rpc.gss;
