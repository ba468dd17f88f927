package org.cairnfs.server.nfs.v4.compound;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.exports.Export;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.export.ExportAccess;
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
    /**
     * A file handle with what goes along with it through SAVEFH and RESTOREFH.
     *
     * @param access null if the caller would have to authenticate otherwise; only SECINFO goes on with that
     * @param stateid the current stateid (RFC 8881 section 16.2.3.1.2); null if no operation has set one since
     */
    private record Position(FileHandle handle, ExportAccess access, Stateid stateid) {}

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

    /** @param turn of a request in a session, else null */
    Compound(NfsServices services, RpcCall call, int minorVersion, Requester requester, SlotTurn turn) {
        this.services = services;
        this.call = call;
        this.minorVersion = minorVersion;
        this.requester = requester;
        this.turn = turn;
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

    /** The current file handle; NOFILEHANDLE if there is none. */
    public FileHandle current() throws NfsException {
        return position(current, NfsStatus.NOFILEHANDLE).handle();
    }

    /** The saved file handle; NOFILEHANDLE if there is none. */
    public FileHandle saved() throws NfsException {
        return position(saved, NfsStatus.NOFILEHANDLE).handle();
    }

    /**
     * Makes a file handle that the client presented the current one: ACCESS if no export lets the client at it; WRONGSEC if it
     * would have to authenticate otherwise, unless that is what it asks about next (RFC 8881 section 2.6.3.1.1).
     */
    public void enter(FileHandle handle) throws NfsException {
        FileHandle inode = handle.ofInode();
        Optional<ExportAccess> access = services.exports().resolve(call.connection(), call.credential(), inode);
        if (access.isEmpty() && flavors(inode).isEmpty()) {
            throw new NfsException(NfsStatus.ACCESS, "not exported to this client");
        }
        if (access.isEmpty() && !asksForFlavorsNext()) {
            throw wrongSecurity();
        }
        current = new Position(handle, access.orElse(null), null);
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

    private static NfsException wrongSecurity() {
        return new NfsException(NfsStatus.WRONGSEC, "exported to those only who authenticate, or encrypt, otherwise");
    }

    /** How the caller has to authenticate to use a file. */
    public List<SecurityFlavor> flavors(FileHandle handle) {
        return services.exports().flavors(call.connection(), handle);
    }

    /** Makes a file handle that an operation led to, from the current one, the current one. */
    public void moveTo(FileHandle handle) throws NfsException {
        current = new Position(handle, access(), null);
    }

    /** SECINFO consumes the current file handle (RFC 8881 section 2.6.3.1.1.8). */
    public void leave() {
        current = null;
    }

    /** SAVEFH. */
    public void save() throws NfsException {
        saved = position(current, NfsStatus.NOFILEHANDLE);
    }

    /** RESTOREFH. */
    public void restore() throws NfsException {
        current = position(saved, minorVersion == 0 ? NfsStatus.RESTOREFH : NfsStatus.NOFILEHANDLE);
    }

    private static Position position(Position position, NfsStatus ifNone) throws NfsException {
        if (position == null) {
            throw new NfsException(ifNone, "no file handle");
        }
        return position;
    }

    private ExportAccess access() throws NfsException {
        ExportAccess access = position(current, NfsStatus.NOFILEHANDLE).access();
        if (access == null) {
            throw wrongSecurity();
        }
        return access;
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
        Position at = position(current, NfsStatus.NOFILEHANDLE);
        current = new Position(at.handle(), at.access(), stateid);
    }

    // ---- contexts for the file system

    /** For an operation that changes nothing. */
    public OpContext reading() throws NfsException {
        return new OpContext(access().credentials());
    }

    /** Whether the exports give the caller access to the current file, who else may only ask what would. */
    public boolean hasAccess() {
        return current != null && current.access() != null;
    }

    /** For SECINFO: as {@link #reading}, but that a caller who has to authenticate otherwise may look too, as nobody. */
    public OpContext searching() throws NfsException {
        ExportAccess access = position(current, NfsStatus.NOFILEHANDLE).access();
        return new OpContext(access == null ? NOBODY : access.credentials());
    }

    /** Who asks, as the export lets the caller be. */
    public int uid() throws NfsException {
        return access().credentials().uid();
    }

    /** For an operation that changes contents; ROFS if the export is read-only. */
    public OpContext writing() throws NfsException {
        requireWritable(current);
        return new OpContext(access().credentials());
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
        requireWritable(current);
        if (saved != null) {
            requireWritable(saved);
        }
        OpContext op = new OpContext(
                access().credentials(),
                requester.origin(operation, current.handle(), saved == null ? null : saved.handle(), identity));
        if (access().sync()) {
            toBeStable.add(op);
        }
        return op;
    }

    /**
     * For an operation that reads the saved file and writes the current one: ROFS if that is exported read-only, XDEV if the exports let
     * the caller be a different one in each. Stable like {@link #changing}.
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
        requireWritable(current);
        Credentials credentials = access().credentials();
        if (!position(saved, NfsStatus.NOFILEHANDLE).access().credentials().equals(credentials)) {
            throw new NfsException(NfsStatus.XDEV, "the caller is somebody else in the other export");
        }
        return new OpContext(credentials);
    }

    /** Asks that what this context has journaled is made stable before the reply, whatever the export says. */
    public void mustBeStable(OpContext op) {
        toBeStable.add(op);
    }

    /** The journal sequence that must survive power loss before the reply goes out; 0 if none. */
    long stableSequence() {
        return toBeStable.stream().mapToLong(OpContext::journaled).max().orElse(0);
    }

    private static void requireWritable(Position position) throws NfsException {
        if (!position(position, NfsStatus.NOFILEHANDLE).access().writable()) {
            throw new NfsException(NfsStatus.ROFS, "exported read-only");
        }
    }

    // ---- attributes

    /** For the encoding of a file's attributes. */
    public Subject subject(FileHandle handle, Attributes attributes) throws NfsException {
        OpContext op = reading();
        return new Subject(
                handle,
                attributes,
                () -> fileSystem().statfs(op),
                () -> handle.isInode() && NamedAttributes.exist(fileSystem(), op, handle));
    }

    /** The attributes of the current file. */
    public Attributes currentAttributes() throws NfsException, FsException {
        return fileSystem().getattr(reading(), current());
    }
}
