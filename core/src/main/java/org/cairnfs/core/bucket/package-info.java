/**
 * What lies in a bucket, under which key, in which format: {@code docs/format.md} has it byte by byte. {@link
 * org.cairnfs.core.bucket.Bucket} is the way in.
 */
package org.cairnfs.core.bucket;
