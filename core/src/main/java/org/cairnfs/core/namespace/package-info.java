/**
 * The verbs: look-up, create, link, rename, remove, attributes, listing, extended attributes, and the way to contents; one
 * class for each family, one place for each rule. {@link org.cairnfs.core.namespace.CairnFileSystem} puts them together.
 *
 * <p>A verb that changes the namespace is a {@link org.cairnfs.core.metadata.Mutation}: it reads, checks, and then puts rows,
 * on the one writer thread, so no other change comes between its checks and its effects. Where POSIX leaves open which error
 * an operation with two faults gets, the order of checks is that of Linux' VFS.
 */
package org.cairnfs.core.namespace;
