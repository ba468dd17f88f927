package org.cairnfs.server.nfs.export;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.ExportSecurity;
import org.cairnfs.server.exports.ExportTable;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.exports.TransportPolicy;
import org.cairnfs.server.nfs.rpc.RpcConnection;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.rpc.TransportSecurity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the exports table, once for each path, connection and new table.
 *
 * <p>Which export a file is in is told by the way on which a client came to it, and the handle remembers it. Where the exported paths lead to
 * is looked up with each new table and every few seconds.
 *
 * <p>Safe for use by any number of threads. {@code this} guards the making of a tree; the file system is asked under it, which asks nothing
 * of exports.
 */
public final class TableExportResolver implements ExportResolver {
    private static final Logger LOG = LoggerFactory.getLogger(TableExportResolver.class);
    private static final String ROOT = "/";

    /** How long a path may lead to where it led, after directories were renamed; longer where looking takes its time. */
    private static final long KEPT_NANOS = Duration.ofSeconds(2).toNanos();

    private static final int PACE = 20;

    private final Supplier<ExportTable> tables;
    private final FileSystem fileSystem;
    private final HandleCodec codec;
    private final UnaryOperator<Credentials> groups;
    private final LongSupplier nanoTime;
    private volatile Known known;

    @GuardedBy("this")
    private List<String> reported = List.of();

    private record Known(ExportTree tree, long until) {}

    /** What a table said of a connection, by path; kept with the connection. */
    private record Match(ExportTable table, Map<String, Optional<Export>> exports) {}

    /**
     * Resolves by the newest table.
     *
     * @param tables gives it at the cost of a read
     * @param fileSystem whose directories are exported
     * @param groups whom a caller counts as who says by AUTH_SYS who it is: {@link HostGroups}, or as it says
     */
    public TableExportResolver(
            Supplier<ExportTable> tables, FileSystem fileSystem, HandleCodec codec, UnaryOperator<Credentials> groups) {
        this(tables, fileSystem, codec, groups, System::nanoTime);
    }

    TableExportResolver(
            Supplier<ExportTable> tables,
            FileSystem fileSystem,
            HandleCodec codec,
            UnaryOperator<Credentials> groups,
            LongSupplier nanoTime) {
        this.tables = tables;
        this.fileSystem = fileSystem;
        this.codec = codec;
        this.groups = groups;
        this.nanoTime = nanoTime;
    }

    /**
     * The exported paths that lead to no directory now.
     *
     * @throws FsException if that cannot be found out
     */
    public static List<String> missing(ExportTable table, FileSystem fileSystem) throws FsException {
        return ExportTree.of(table, fileSystem).missing();
    }

    @Override
    public Entrance enter(RpcConnection connection, RpcCredential credential, FileHandle handle) {
        return caller(connection, credential).whole(handle);
    }

    @Override
    public Presented present(RpcConnection connection, RpcCredential credential, byte[] wire) throws FsException {
        HandleCodec.Scoped scoped = codec.decode(wire);
        Caller caller = caller(connection, credential);
        return new Presented(
                scoped.handle(),
                scoped.scope() == HandleCodec.WHOLE
                        ? caller.whole(scoped.handle())
                        : caller.tree.top(scoped.scope()).map(caller::under).orElse(Entrance.CLOSED));
    }

    private Caller caller(RpcConnection connection, RpcCredential credential) {
        ExportTree tree = tree(tables.get());
        Match match = connection.attachment(Match.class).orElse(null);
        // Another table means a reload: identity is what tells it.
        if (match == null || match.table() != tree.table()) {
            match = new Match(tree.table(), new ConcurrentHashMap<>());
            connection.attach(Match.class, match);
        }
        return new Caller(tree, match, connection, credential);
    }

    private ExportTree tree(ExportTable table) {
        Known now = known;
        boolean current = now != null && now.tree().table() == table;
        return current && (!now.tree().canChange() || nanoTime.getAsLong() - now.until() < 0)
                ? now.tree()
                : look(table);
    }

    private synchronized ExportTree look(ExportTable table) {
        Known before = known;
        long begin = nanoTime.getAsLong();
        boolean current = before != null && before.tree().table() == table;
        if (current && begin - before.until() < 0) {
            return before.tree();
        }
        ExportTree found;
        try {
            found = ExportTree.of(table, fileSystem);
            report(found.missing());
        } catch (FsException e) {
            LOG.error("exports: where their paths lead to cannot be found out now: {}", e.getMessage());
            found = current ? before.tree() : ExportTree.unknown(table);
        }
        long end = nanoTime.getAsLong();
        known = new Known(found, end + Math.max(KEPT_NANOS, PACE * (end - begin)));
        return found;
    }

    @GuardedBy("this")
    private void report(List<String> missing) {
        for (String path : missing) {
            if (!reported.contains(path)) {
                LOG.warn("exports: there is no directory {}; it can be mounted as soon as there is one", path);
            }
        }
        reported = missing;
    }

    /** One caller during one call. */
    private final class Caller {
        private final ExportTree tree;
        private final Match match;
        private final RpcConnection connection;
        private final RpcCredential credential;

        Caller(ExportTree tree, Match match, RpcConnection connection, RpcCredential credential) {
            this.tree = tree;
            this.match = match;
            this.connection = connection;
            this.credential = credential;
        }

        private Optional<Export> export(String path) {
            Optional<Export> known = match.exports().get(path);
            if (known == null) {
                // Not within the map's own locks: names of hosts may be asked for.
                InetSocketAddress from = connection.remoteAddress();
                known = match.table().match(from.getAddress(), from.getPort(), path);
                match.exports().put(path, known);
            }
            return known;
        }

        /** Of the whole file system, or of a passage. */
        Entrance whole(FileHandle handle) {
            Optional<Export> whole = export(ROOT);
            return whole.isPresent() ? entrance(whole.get(), HandleCodec.WHOLE) : passage(handle);
        }

        /** Of the sub-tree under an exported path that leads somewhere. */
        Entrance under(String path) {
            return export(path)
                    .map(export -> entrance(export, tree.inode(path)))
                    .orElse(Entrance.CLOSED);
        }

        /** Passed by all who are let in at one of the ends. */
        Entrance passage(FileHandle handle) {
            List<Export> ends = tree.passage(handle).map(tree::below).orElse(List.of()).stream()
                    .flatMap(path -> export(path).stream())
                    .toList();
            return new Entrance(
                    new Scope(HandleCodec.WHOLE, true),
                    ends.stream()
                            .flatMap(export -> export.security().flavors().stream())
                            .distinct()
                            .toList(),
                    ends.stream().anyMatch(this::isLetIn)
                            ? Optional.of(new ExportAccess(false, false, Credentials.ROOT))
                            : Optional.empty());
        }

        private Entrance entrance(Export export, long root) {
            return new Entrance(
                    tree.hasTops() ? new Scope(root, false) : ExportScope.WHOLE,
                    export.security().flavors().asList(),
                    isLetIn(export)
                            ? Optional.of(
                                    new ExportAccess(!export.readOnly(), export.sync(), squash(export, credential)))
                            : Optional.empty());
        }

        private boolean isLetIn(Export export) {
            return isProtected(export.security(), connection.transportSecurity())
                    && export.security().flavors().contains(flavorOf(credential));
        }

        /** What this caller sees under one export, or in a passage. */
        private final class Scope implements ExportScope {
            private final long root;
            private final boolean passage;

            Scope(long root, boolean passage) {
                this.root = root;
                this.passage = passage;
            }

            @Override
            public long root() {
                return root;
            }

            @Override
            public boolean isPassage() {
                return passage;
            }

            @Override
            public byte[] wire(FileHandle handle) {
                return codec.encode(handle, root);
            }

            @Override
            public Entrance down(Entrance here, FileHandle child) {
                Optional<String> top = tree.top(child);
                if (top.isPresent() && child.inode() != root) {
                    Entrance inner = under(top.get());
                    return inner.isClosed() && passage ? passage(child) : inner;
                }
                return passage ? passage(child) : here;
            }

            @Override
            public Entrance up(Entrance here, FileHandle directory, FileHandle parent) {
                if (passage) {
                    return passage(parent);
                }
                Optional<String> top = tree.top(directory).filter(path -> directory.inode() == root);
                if (top.isEmpty()) {
                    return here;
                }
                String path = top.get();
                Entrance outer = tree.around(path.substring(0, path.lastIndexOf('/')))
                        .map(Caller.this::under)
                        .orElse(Entrance.CLOSED);
                return outer.isClosed() ? whole(parent) : outer;
            }
        }
    }

    private static boolean isProtected(ExportSecurity wanted, TransportSecurity is) {
        return switch (is) {
            case NONE -> wanted.transports().contains(TransportPolicy.NONE);
            case TLS -> wanted.transports().contains(TransportPolicy.TLS);
            case MUTUAL_TLS ->
                wanted.transports().contains(TransportPolicy.TLS)
                        || wanted.transports().contains(TransportPolicy.MTLS);
        };
    }

    /** AUTH_NONE goes where AUTH_SYS goes, as nobody. */
    private static SecurityFlavor flavorOf(RpcCredential credential) {
        if (credential instanceof RpcCredential.Gss gss) {
            return switch (gss.service()) {
                case NONE -> SecurityFlavor.KRB5;
                case INTEGRITY -> SecurityFlavor.KRB5I;
                case PRIVACY -> SecurityFlavor.KRB5P;
            };
        }
        return SecurityFlavor.SYS;
    }

    private Credentials squash(Export export, RpcCredential credential) {
        if (credential instanceof RpcCredential.AuthSys sys) {
            return squash(export, groups.apply(sys.ids()));
        }
        if (credential instanceof RpcCredential.Gss gss) {
            return gss.ids().map(ids -> squash(export, ids)).orElseGet(export::anonymous);
        }
        return export.anonymous();
    }

    private static Credentials squash(Export export, Credentials ids) {
        return export.squash(ids.uid(), ids.gid(), ids.groups());
    }
}
