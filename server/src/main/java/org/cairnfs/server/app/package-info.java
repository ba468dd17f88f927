/**
 * A running server, composed: the file system ({@link org.cairnfs.server.app.Volume}) and the NFS front end
 * ({@link org.cairnfs.server.app.NfsService}) as operators see them, and {@link org.cairnfs.server.app.CairnServer},
 * which joins them with the admin channel and the metrics, and ends them in the right order.
 */
package org.cairnfs.server.app;
