/**
 * The Network Status Monitor (X/Open XNFS C702 chapter 11), as far as a server needs one: keeps who holds locks over a
 * restart, tells those hosts of it, and hears of theirs. There is no other status monitor on this machine that it would need.
 */
package org.cairnfs.server.nfs.v3.nsm;
