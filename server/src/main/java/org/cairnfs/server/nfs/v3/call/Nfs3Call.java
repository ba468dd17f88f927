package org.cairnfs.server.nfs.v3.call;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.v3.Nfs3Exception;
import org.cairnfs.server.nfs.v3.Nfs3Status;

/**
 * One call while it runs: who asks, what the exports allow, and what has to survive power loss before the reply goes out.
 *
 * <p>Used by one thread at a time.
 */
public final class Nfs3Call {
    /** By transaction id: so many of a client's last requests are known again after a restart of the server. */
    private static final int SLOTS_OF_XIDS = 1024;

    private final Nfs3Services services;
    private final RpcCall call;
    private final ByteBuffer arguments;
    private final List<OpContext> toBeStable = new ArrayList<>();
    private boolean tooWeak;
    private FileHandle first;

    /** @param arguments as they are on the wire */
    Nfs3Call(Nfs3Services services, RpcCall call, ByteBuffer arguments) {
        this.services = services;
        this.call = call;
        this.arguments = arguments;
    }

    public Nfs3Services services() {
        return services;
    }

    public FileSystem fileSystem() {
        return services.fileSystem();
    }

    // ---- file handles

    /** The file of a handle that the client presents: BADHANDLE if it is none of ours; ACCES if no export lets the client at it. */
    public Place enter(Bytes handle) throws Nfs3Exception {
        try {
            ExportResolver.Presented presented =
                    services.exports().present(call.connection(), call.credential(), handle.toArray());
            first = first == null ? presented.handle() : first;
            return place(presented.handle(), presented.entrance());
        } catch (FsException e) {
            throw new Nfs3Exception(Nfs3Status.BADHANDLE, e.getMessage());
        }
    }

    /** The file that a directory leads to by name: ACCES if it is the top of an export that does not let the client in. */
    public Place below(Place directory, FileHandle found) throws Nfs3Exception {
        return place(found, directory.entrance().down(found));
    }

    /** The directory above one; above what is exported there is nothing, so it is that one itself. */
    public Place above(Place directory, FileHandle parent) {
        Entrance above = directory.entrance().up(directory.handle(), parent);
        return above.isPassage() || above.access().isEmpty() ? directory : new Place(parent, above);
    }

    /** Version 3 has no pseudo file system: who mounts, mounts an export. */
    private Place place(FileHandle handle, Entrance entrance) throws Nfs3Exception {
        if (entrance.isPassage() || entrance.access().isEmpty()) {
            tooWeak = !entrance.isPassage() && entrance.isTooWeak();
            throw new Nfs3Exception(Nfs3Status.ACCES, "not exported to this client, or not to such a one");
        }
        return new Place(handle, entrance);
    }

    /** The first file whose handle the client presented, if one was valid. */
    Optional<FileHandle> standsAt() {
        return Optional.ofNullable(first);
    }

    /** Whether the caller was refused for how it authenticates or protects its connection. */
    boolean isTooWeak() {
        return tooWeak;
    }

    // ---- contexts for the file system

    /** Under the root of the place's export. */
    private static OpContext context(Place place, Origin origin) {
        return new OpContext(place.access().credentials(), origin)
                .under(place.entrance().scope().root());
    }

    /** For a procedure that changes nothing. */
    public OpContext reading(Place place) {
        return context(place, null);
    }

    /** For a procedure that changes contents; ROFS if the export is read-only. */
    public OpContext writing(Place place) throws Nfs3Exception {
        requireWritable(place);
        return context(place, null);
    }

    /**
     * For a procedure that changes names or attributes: a resend of it after a restart is known by its transaction id and its
     * arguments. What it journals is made stable before the reply if the export says so.
     */
    public OpContext changing(Place place) throws Nfs3Exception {
        requireWritable(place);
        return stableIfSync(place, context(place, origin()));
    }

    /** The same for one that changes two places: XDEV if they are in different exports. */
    public OpContext moving(Place from, Place to) throws Nfs3Exception {
        requireWritable(to);
        requireWritable(from);
        if (from.entrance().isApartFrom(to.entrance())) {
            throw new Nfs3Exception(Nfs3Status.XDEV, "the two are in different exports");
        }
        return changing(from);
    }

    /** For a further change by the same call, which does no harm when it is done twice. */
    public OpContext changingMore(Place place) throws Nfs3Exception {
        requireWritable(place);
        return stableIfSync(place, context(place, null));
    }

    /** Asks that what this context has journaled is made stable before the reply, whatever the export says. */
    public void mustBeStable(OpContext op) {
        toBeStable.add(op);
    }

    private OpContext stableIfSync(Place place, OpContext op) {
        if (place.access().sync()) {
            toBeStable.add(op);
        }
        return op;
    }

    /** Waits until all of it survives power loss. */
    void awaitStable() throws FsException {
        fileSystem()
                .awaitStable(toBeStable.stream()
                        .mapToLong(OpContext::journaled)
                        .max()
                        .orElse(0));
    }

    private static void requireWritable(Place place) throws Nfs3Exception {
        if (!place.access().writable()) {
            throw new Nfs3Exception(Nfs3Status.ROFS, "exported read-only");
        }
    }

    private Origin origin() {
        Hasher client = Hashing.sha256()
                .newHasher()
                .putBytes(call.connection().remoteAddress().getAddress().getAddress());
        if (call.credential() instanceof RpcCredential.AuthSys sys) {
            Credentials ids = sys.ids();
            client.putInt(ids.uid()).putInt(ids.gid());
        } else if (call.credential() instanceof RpcCredential.Gss gss) {
            client.putUnencodedChars(gss.principal());
        }
        long xid = Integer.toUnsignedLong(call.xid());
        long hash = Hashing.sha256()
                .newHasher()
                .putInt(call.version())
                .putInt(call.procedure())
                .putLong(xid)
                .putBytes(arguments.duplicate())
                .hash()
                .asLong();
        return new Origin(client.hash().asLong(), xid % SLOTS_OF_XIDS, xid, hash);
    }

    // ---- attributes

    /** The attributes of a file as they are now. */
    public Attributes attributes(Place place) throws FsException {
        return fileSystem().getattr(reading(place), place.handle());
    }

    /** The attributes of a file for a reply that may go without them. */
    public Optional<Attributes> attributesIfAny(Place place) {
        try {
            return Optional.of(attributes(place));
        } catch (FsException e) {
            return Optional.empty();
        }
    }

    /** The same for a handle that may be anything, of a call that failed. */
    public Optional<Attributes> attributesIfAny(Bytes handle) {
        try {
            return attributesIfAny(enter(handle));
        } catch (Nfs3Exception e) {
            return Optional.empty();
        }
    }
}
