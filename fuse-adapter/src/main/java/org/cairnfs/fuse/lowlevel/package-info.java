/**
 * libfuse 2 as Java sees it: its session interface ({@code fuse_lowlevel.h}) by way of jnr-ffi, its structures by way of jnr-fuse, the threads
 * that serve the kernel, and the callbacks that turn pointers into the plain values of {@link org.cairnfs.fuse.call}.
 *
 * <p>Nothing here is loaded before a mount is asked for. {@code docs/decisions/fuse-session.md} says why it is not jnr-fuse's
 * path-based {@code AbstractFuseFS}.
 */
package org.cairnfs.fuse.lowlevel;
