/** The file system. Knows no protocol. */
package org.cairnfs.core;
