package org.cairnfs.server.nfs.rpc;

import java.io.IOException;
import org.cairnfs.server.nfs.rpc.RpcMetrics.Refusal;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.NextAction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The top of Grizzly's filter chain: from Grizzly's connections and buffers to {@link TcpConnection}.
 *
 * <p>Runs on selector threads, so it does nothing that may block. Whatever goes wrong in here costs the connection
 * that it went wrong with, and nothing else.
 */
final class RpcFilter extends BaseFilter {
    private static final Logger LOG = LoggerFactory.getLogger(RpcFilter.class);
    private static final Attribute<TcpConnection> CONNECTION =
            Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute(RpcFilter.class.getName() + ".connection");

    private final ServerContext server;
    private final ConnectionTable connections;

    RpcFilter(ServerContext server, ConnectionTable connections) {
        this.server = server;
        this.connections = connections;
    }

    @Override
    public NextAction handleAccept(FilterChainContext ctx) throws IOException {
        TcpConnection connection = new TcpConnection(ctx.getConnection(), server, true);
        if (server.isStopping()) {
            connection.refuse(Refusal.CONNECTIONS, "the server stops");
            return ctx.getStopAction();
        }
        ConnectionTable.Admission admission = connections.admit(connection);
        if (admission.refusal().isPresent()) {
            connection.refuse(admission.refusal().get(), "too many connections");
            return ctx.getStopAction();
        }
        admission
                .toClose()
                .ifPresent(silent -> silent.refuse(
                        Refusal.CONNECTIONS, "too many connections, and this one makes room for somebody with fewer"));
        connection.onClose(() -> connections.dismiss(connection));
        register(ctx.getConnection(), connection);
        return ctx.getStopAction();
    }

    @Override
    public NextAction handleConnect(FilterChainContext ctx) throws IOException {
        register(ctx.getConnection(), new TcpConnection(ctx.getConnection(), server, false));
        return ctx.getStopAction();
    }

    @Override
    public NextAction handleRead(FilterChainContext ctx) {
        Buffer bytes = ctx.getMessage();
        TcpConnection connection = CONNECTION.get(ctx.getConnection());
        try {
            if (connection != null) {
                connection.received(bytes.toByteBuffer());
            }
        } catch (RefusedException e) {
            connection.refuse(e);
        } catch (IOException e) {
            connection.close(e.getMessage());
        } catch (Throwable e) {
            // Running out of memory included: closing the connection is what frees some.
            connection.close("internal error");
            LOG.error("Reading from {} failed; it is closed", connection, e);
        } finally {
            bytes.tryDispose();
        }
        return ctx.getStopAction();
    }

    @Override
    public NextAction handleClose(FilterChainContext ctx) {
        deregister(ctx.getConnection());
        return ctx.getStopAction();
    }

    /** The connection that stands on a Grizzly connection; {@code null} when it was refused or has closed. */
    static TcpConnection connectionOf(Connection<?> grizzly) {
        return CONNECTION.get(grizzly);
    }

    private void register(Connection<?> grizzly, TcpConnection connection) {
        server.metrics().connectionOpened();
        connections.add(connection);
        CONNECTION.set(grizzly, connection);
        if (!grizzly.isOpen()) {
            // It closed before it was registered, so nobody else would take it off the list.
            deregister(grizzly);
        }
    }

    private void deregister(Connection<?> grizzly) {
        TcpConnection connection = CONNECTION.remove(grizzly);
        if (connection != null && connection.closed()) {
            connections.remove(connection);
            server.metrics().connectionClosed();
        }
    }
}
