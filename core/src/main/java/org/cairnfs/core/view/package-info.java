/**
 * Reading a bucket beside its server, or without one: no lease is taken, and nothing is ever put into the bucket or deleted from it.
 *
 * <p>What is read is a barrier: {@link org.cairnfs.core.view.BucketReader} brings a database of its own, the <i>base</i>, to the rows of
 * one, as a rebuild does, and makes {@link org.cairnfs.core.view.BucketView}s of it: file systems that stand still. For a later barrier
 * only the records since are fetched. The overlay of the barrier, what was dirty then, is laid over a copy of the base and not over the
 * base itself: it gets numbers of chunks and packs that the server gives to others later. {@link
 * org.cairnfs.core.view.FollowedBucket} goes from view to view as barriers come.
 */
package org.cairnfs.core.view;
