package org.cairnfs.server.nfs.state;

import org.cairnfs.core.fs.Bytes;

/**
 * Who this server is, in EXCHANGE_ID (RFC 8881 section 2.10.4).
 *
 * @param ownerMinor so_minor_id
 * @param ownerMajor so_major_id: equal for all addresses of one server, and after its restart
 * @param scope server scope: equal where client ids and handles mean the same; the same after a restart
 * @param implementationDomain nii_domain
 * @param implementationName nii_name
 */
public record ServerIdentity(
        long ownerMinor, Bytes ownerMajor, Bytes scope, String implementationDomain, String implementationName) {}
