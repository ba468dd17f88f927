package org.cairnfs.server.nfs.state;

/**
 * That I/O under a stateid is allowed as far as shares go.
 *
 * @param byOpen whether the caller is who opened the file, so that its mode is not asked again ({@code readOpen},
 *     {@code writeOpen}, {@code setattrOpen}); else the permission is checked as for anybody
 */
public record IoGrant(boolean byOpen) {}
