/**
 * NFS version 3 (RFC 1813) on the wire, with the protocols that go along with it: MOUNT, portmap, and the locks of NLM with
 * NSM. Only translation: the same file system, handles, exports and locks as NFSv4's stand behind it.
 */
package org.cairnfs.server.nfs.v3;
