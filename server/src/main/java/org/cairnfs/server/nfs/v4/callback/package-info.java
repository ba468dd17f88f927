/** Calls to the callback services of NFSv4 clients (RFC 7530 section 16, RFC 8881 section 20). */
package org.cairnfs.server.nfs.v4.callback;
