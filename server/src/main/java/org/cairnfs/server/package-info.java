/**
 * What every package of the server may use: how a failure is told to a person ({@link org.cairnfs.server.CairnException},
 * {@link org.cairnfs.server.ExitCode}) and how long work tells how far it is ({@link org.cairnfs.server.Progress}).
 *
 * <p>Dependencies go one way: {@code cli -> app -> admin, metrics, nfs -> exports, config -> this package}.
 */
package org.cairnfs.server;
