/** What the protocols ask of the exports: who may do what, from where. */
package org.cairnfs.server.nfs.export;
