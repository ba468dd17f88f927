/**
 * The whole: the real program over an encrypted file system, with the real Linux NFS client or with many calls of a client in Java.
 * {@code -Dcairn.long=true} runs the long forms; see docs/testing.md.
 */
package org.cairnfs.server.e2e;
