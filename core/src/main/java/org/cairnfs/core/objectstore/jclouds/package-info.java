/**
 * Buckets behind the port, through Apache jclouds. jclouds knows the providers' protocols; what moves bytes is our own
 * driver on the JDK's HTTP client ({@link org.cairnfs.core.objectstore.jclouds.HttpDriver}), as those of jclouds check no host
 * names by default, cannot be interrupted while they write, and take a body that was cut for a whole one. Retries are not
 * jclouds' business here: each call is one request, and its failure is told with its kind.
 */
package org.cairnfs.core.objectstore.jclouds;
