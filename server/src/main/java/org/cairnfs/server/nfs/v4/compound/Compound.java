package org.cairnfs.server.nfs.v4.compound;

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
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.nfs.export.Entrance;
import org.cairnfs.server.nfs.export.ExportAccess;
import org.cairnfs.server.nfs.export.ExportResolver;
import org.cairnfs.server.nfs.rpc.RpcCall;
import org.cairnfs.server.nfs.rpc.RpcCredential;
import org.cairnfs.server.nfs.state.Client;
import org.cairnfs.server.nfs.state.NfsState;
import org.cairnfs.server.nfs.state.Principal;
import org.cairnfs.server.nfs.state.SlotTurn;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Subject;
import org.cairnfs.server.nfs.v4.named.NamedAttributes;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * One COMPOUND while it runs: who asks, the current and the saved file handle with their stateids, and what has to survive
 * power loss before the reply goes out.
 *
 * <p>Invariant: a file handle is current or saved only with the access that the exports give the caller to it, or, right before
 * SECINFO and SECINFO_NO_NAME, without any.
 *
 * <p>Used by one thread at a time.
 */
public final class Compound {
    private static final int AUTH_NONE = 0;
    private static final int AUTH_SYS = 1;
    private static final int RPCSEC_GSS = 6;

    private static final Credentials NOBODY = Credentials.of(Export.NOBODY, Export.NOBODY);

    private final NfsServices services;
    private final RpcCall call;
    private final int minorVersion;
    private final Requester requester;
    private final SlotTurn turn;
    private final List<OpContext> toBeStable = new ArrayList<>();
    private Position current;
    private Position saved;
    private OpCode operation;
    private ByteBuffer arguments;
    private long client;

    /** @param turn of a request in a session, else null */
    Compound(NfsServices services, RpcCall call, int minorVersion, Requester requester, SlotTurn turn) {
        this.services = services;
        this.call = call;
        this.minorVersion = minorVersion;
        this.requester = requester;
        this.turn = turn;
        this.client = turn == null ? 0 : turn.client().id();
    }

    // ---- who and with what

    public NfsServices services() {
        return services;
    }

    public NfsState state() {
        return services.state();
    }

    public FileSystem fileSystem() {
        return services.fileSystem();
    }

    public RpcCall call() {
        return call;
    }

    public int minorVersion() {
        return minorVersion;
    }

    /** The slot that this request holds, if it is in a session. */
    public Optional<SlotTurn> turn() {
        return Optional.ofNullable(turn);
    }

    /** The client of the session; empty in 4.0. */
    public Optional<Client> session() {
        return turn().map(SlotTurn::client);
    }

    /** Who authenticated the call. */
    public Principal principal() {
        if (call.credential() instanceof RpcCredential.Gss gss) {
            return new Principal(RPCSEC_GSS, gss.principal());
        }
        return call.credential() instanceof RpcCredential.AuthSys sys
                ? new Principal(AUTH_SYS, Integer.toUnsignedString(sys.ids().uid()))
                : new Principal(AUTH_NONE, "");
    }

    /** The connection that the call came in on. */
    public StateConnection connection() {
        return StateConnection.of(call.connection(), services.state());
    }

    /** Notes which operation comes next, with its arguments as they are on the wire. */
    void begin(OpCode code, ByteBuffer encodedArguments) {
        operation = code;
        arguments = encodedArguments;
    }

    // ---- file handles

    /** Where the compound stands; NOFILEHANDLE if it does not stand anywhere. */
    Position here() throws NfsException {
        return position(current, NfsStatus.NOFILEHANDLE);
    }

    private Position there() throws NfsException {
        return position(saved, NfsStatus.NOFILEHANDLE);
    }

    private static Position position(Position position, NfsStatus ifNone) throws NfsException {
        if (position == null) {
            throw new NfsException(ifNone, "no file handle");
        }
        return position;
    }

    /** The current file handle, if there is one. */
    Optional<FileHandle> standsAt() {
        return Optional.ofNullable(current).map(Position::handle);
    }

    /** The current file handle; NOFILEHANDLE if there is none. */
    public FileHandle current() throws NfsException {
        return here().handle();
    }

    /** The saved file handle; NOFILEHANDLE if there is none. */
    public FileHandle saved() throws NfsException {
        return there().handle();
    }

    /** The current file handle as the client gets it. */
    public byte[] wireHandle() throws NfsException {
        return entrance().wire(current());
    }

    /** What the exports say of the current file. */
    public Entrance entrance() throws NfsException {
        return here().entrance();
    }

    /**
     * Makes a file handle that the client presented the current one: BADHANDLE if it is none that was given out; ACCESS if no export lets the
     * client at it; WRONGSEC if it would have to authenticate otherwise, unless that is what it asks about next (RFC 8881 section
     * 2.6.3.1.1).
     */
    public void enter(Bytes handle) throws NfsException {
        try {
            ExportResolver.Presented presented =
                    services.exports().present(call.connection(), call.credential(), handle.toArray());
            enter(presented.handle(), presented.entrance());
        } catch (FsException e) {
            throw new NfsException(NfsStatus.BADHANDLE, e.getMessage());
        }
    }

    /** Makes the root the current file handle; the same errors. */
    public void enterRoot() throws NfsException {
        FileHandle root = fileSystem().root();
        enter(root, services.exports().enter(call.connection(), call.credential(), root));
    }

    private void enter(FileHandle handle, Entrance entrance) throws NfsException {
        if (entrance.isClosed()) {
            throw new NfsException(NfsStatus.ACCESS, "not exported to this client");
        }
        stand(handle, entrance);
    }

    private void stand(FileHandle handle, Entrance entrance) throws NfsException {
        if (entrance.isTooWeak() && !asksForFlavorsNext()) {
            throw Position.wrongSecurity();
        }
        current = new Position(handle, entrance, null);
    }

    /** Whether the operation after this one is SECINFO or SECINFO_NO_NAME. */
    private boolean asksForFlavorsNext() {
        XdrReader in = call.arguments();
        if (in.remaining() < Integer.BYTES) {
            return false;
        }
        int next = in.slice(in.position(), in.position() + Integer.BYTES).getInt();
        return next == OpCode.SECINFO.number() || next == OpCode.SECINFO_NO_NAME.number();
    }

    /**
     * Makes a file handle that an operation led to, from the current one and down, the current one. It may be the top of another export: ACCESS
     * or WRONGSEC if that does not let the caller in; NOENT in a passage, where nothing else is seen.
     */
    public void moveTo(FileHandle handle) throws NfsException {
        access();
        stand(handle, below(handle));
    }

    /** The same, up: NOENT if nothing above is exported to the client. */
    public void moveUp(FileHandle parent) throws NfsException {
        access();
        stand(parent, above(parent));
    }

    /** The file of a name in the current directory, if the client may come to it. */
    public Node lookup(Name name) throws NfsException, FsException {
        Node found = fileSystem().lookup(searching(), current(), name);
        below(found.handle());
        return found;
    }

    /** {@link Position#shows}. */
    public boolean shows(FileHandle entry) throws NfsException {
        return here().shows(entry);
    }

    /** {@link Position#below}. */
    public Entrance below(FileHandle child) throws NfsException {
        return here().below(child);
    }

    /** {@link Position#above}. */
    public Entrance above(FileHandle parent) throws NfsException {
        return here().above(parent);
    }

    /** SECINFO consumes the current file handle (RFC 8881 section 2.6.3.1.1.8). */
    public void leave() {
        current = null;
    }

    /** SAVEFH. */
    public void save() throws NfsException {
        saved = here();
    }

    /** RESTOREFH. */
    public void restore() throws NfsException {
        current = position(saved, minorVersion == 0 ? NfsStatus.RESTOREFH : NfsStatus.NOFILEHANDLE);
    }

    private ExportAccess access() throws NfsException {
        return here().access();
    }

    // ---- stateids

    /** The stateid that is meant: in 4.1, the special one that stands for the current stateid is replaced by it. */
    public Stateid resolve(Stateid stateid) throws NfsException {
        if (minorVersion == 0 || !stateid.equals(Stateid.CURRENT)) {
            return stateid;
        }
        if (current == null || current.stateid() == null) {
            throw new NfsException(NfsStatus.BAD_STATEID, "there is no current stateid");
        }
        return current.stateid();
    }

    /** The same for the saved file handle, with which its stateid was saved. */
    public Stateid resolveSaved(Stateid stateid) throws NfsException {
        if (!stateid.equals(Stateid.CURRENT)) {
            return stateid;
        }
        if (saved == null || saved.stateid() == null) {
            throw new NfsException(NfsStatus.BAD_STATEID, "no stateid was saved");
        }
        return saved.stateid();
    }

    /** Makes a stateid that an operation returns the current one. */
    public void setStateid(Stateid stateid) throws NfsException {
        current = here().with(stateid);
    }

    // ---- contexts for the file system

    /** For an operation that changes nothing. */
    public OpContext reading() throws NfsException {
        return here(new OpContext(access().credentials()));
    }

    /** Whether the exports give the caller access to the current file, who else may only ask what would. */
    public boolean hasAccess() {
        return current != null && current.entrance().access().isPresent();
    }

    /** For SECINFO: as {@link #reading}, but that a caller who has to authenticate otherwise may look too, as nobody. */
    public OpContext searching() throws NfsException {
        return here(
                new OpContext(entrance().access().map(ExportAccess::credentials).orElse(NOBODY)));
    }

    /** The same where more is told than what leads to exports: ACCESS in a passage. */
    public OpContext readingExported() throws NfsException {
        if (entrance().isPassage()) {
            throw new NfsException(NfsStatus.ACCESS, "not exported to this client");
        }
        return reading();
    }

    /** Notes that a 4.0 client, which is known from the arguments of the operation, asks for it. */
    public void actFor(Client known) {
        client = known.id();
    }

    /** What is changed is so in the name of the client, whose own delegations are not in the way. */
    private OpContext inItsName(OpContext op) throws NfsException {
        op.setClient(client);
        return here(op);
    }

    /** The root of the current file's export is that of the request. */
    private OpContext here(OpContext op) throws NfsException {
        return op.under(entrance().scope().root());
    }

    /** Who asks, as the export lets the caller be. */
    public int uid() throws NfsException {
        return access().credentials().uid();
    }

    /** For an operation that changes contents; ROFS if the export is read-only. */
    public OpContext writing() throws NfsException {
        here().requireWritable();
        return inItsName(new OpContext(access().credentials()));
    }

    /**
     * For an operation that changes the namespace or attributes: a resend of it is known by all of its arguments. What it
     * journals is made stable before the reply if the export says so.
     */
    public OpContext changing() throws NfsException {
        return changing(arguments);
    }

    /** The same, where only a part of the arguments is equal in a resend (stateids and sequence numbers are not). */
    public OpContext changing(ByteBuffer identity) throws NfsException {
        here().requireWritable();
        OpContext op = inItsName(new OpContext(
                access().credentials(),
                requester.origin(operation, current.handle(), saved == null ? null : saved.handle(), identity)));
        if (access().sync()) {
            toBeStable.add(op);
        }
        return op;
    }

    /** For an operation that changes the saved and the current directory or file: XDEV if they are not in the same export. */
    public OpContext moving() throws NfsException {
        there().requireWritable();
        here().requireWritable();
        there().requireTogetherWith(current);
        return changing();
    }

    /**
     * For an operation that reads the saved file and writes the current one: ROFS if that is exported read-only, XDEV if they are in
     * different exports. Stable like {@link #changing}.
     */
    public OpContext cloning() throws NfsException {
        OpContext op = copying();
        if (access().sync()) {
            toBeStable.add(op);
        }
        return op;
    }

    /** The same for an operation whose client makes stable what was written when it needs to. */
    public OpContext copying() throws NfsException {
        here().requireWritable();
        there().access();
        there().requireTogetherWith(current);
        return inItsName(new OpContext(access().credentials()));
    }

    /** Asks that what this context has journaled is made stable before the reply, whatever the export says. */
    public void mustBeStable(OpContext op) {
        toBeStable.add(op);
    }

    /** The journal sequence that must survive power loss before the reply goes out; 0 if none. */
    long stableSequence() {
        return toBeStable.stream().mapToLong(OpContext::journaled).max().orElse(0);
    }

    // ---- attributes

    /** For the encoding of the attributes of the current file. */
    public Subject subject(Attributes attributes) throws NfsException {
        return subject(current(), entrance(), attributes);
    }

    /** For the encoding of the attributes of an entry of the current directory. */
    public Subject subjectBelow(Node entry, Entrance below) throws NfsException {
        return subject(entry.handle(), below, entry.attributes());
    }

    private Subject subject(FileHandle handle, Entrance entrance, Attributes attributes) throws NfsException {
        OpContext op = reading();
        return new Subject(
                handle,
                entrance,
                attributes,
                () -> fileSystem().statfs(op, handle),
                () -> handle.isInode() && NamedAttributes.exist(fileSystem(), op, handle));
    }

    /** The attributes of the current file. */
    public Attributes currentAttributes() throws NfsException, FsException {
        return fileSystem().getattr(reading(), current());
    }
}
