package org.cairnfs.core.objectstore.jclouds;

import java.net.ProxySelector;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to speak HTTP with a store.
 *
 * @param connectTimeout of a new connection
 * @param timeout how long nothing may move on a connection, in either direction
 * @param connections that may be in use at once; further requests wait
 * @param tls empty for what Java trusts
 * @param proxy empty for the JVM's
 */
record HttpSettings(
        Duration connectTimeout,
        Duration timeout,
        int connections,
        Optional<SSLContext> tls,
        Optional<ProxySelector> proxy) {}
