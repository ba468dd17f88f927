/**
 * Metrics for Prometheus: the registry, the endpoint on loopback, and what is counted of the JVM and of the RPC server.
 * Other parts bring binders of their own ({@code MeterBinder}). Names begin with {@code cairn_}, units are in the names.
 */
package org.cairnfs.server.metrics;
