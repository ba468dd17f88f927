/**
 * The 21 procedures of NFSv3 (RFC 1813 section 3.3), one class each: arguments, execution, results. Sections named in their
 * documentation are of that RFC.
 */
package org.cairnfs.server.nfs.v3.proc;
