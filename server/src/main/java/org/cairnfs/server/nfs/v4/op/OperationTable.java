package org.cairnfs.server.nfs.v4.op;

import java.util.EnumMap;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.compound.OperationDecoder;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** Which class decodes which operation. An operation that is not here answers NOTSUPP. */
public final class OperationTable implements OperationDecoder {
    /** Decodes the arguments of one operation. */
    @FunctionalInterface
    private interface Decoder {
        Operation decode(XdrReader in, int minorVersion) throws XdrException, NfsException;
    }

    private final EnumMap<OpCode, Decoder> decoders = new EnumMap<>(OpCode.class);

    /** The table of 4.0, 4.1 and 4.2. */
    public OperationTable() {
        fileHandles();
        files();
        directories();
        opensAndLocks();
        clientsOfMinor0();
        clientsAndSessions();
        sparseFiles();
        copies();
        extendedAttributes();
    }

    @Override
    public Operation decode(OpCode code, int minorVersion, XdrReader arguments) throws XdrException, NfsException {
        Decoder decoder = decoders.get(code);
        if (decoder == null) {
            throw new NfsException(NfsStatus.NOTSUPP, code + " is not supported");
        }
        return decoder.decode(arguments, minorVersion);
    }

    private void fileHandles() {
        decoders.put(OpCode.PUTFH, (in, minor) -> PutFh.decode(in));
        decoders.put(OpCode.PUTROOTFH, (in, minor) -> new PutRootFh());
        decoders.put(OpCode.PUTPUBFH, (in, minor) -> new PutRootFh());
        decoders.put(OpCode.GETFH, (in, minor) -> new GetFh());
        decoders.put(OpCode.SAVEFH, (in, minor) -> new SaveFh());
        decoders.put(OpCode.RESTOREFH, (in, minor) -> new RestoreFh());
    }

    private void files() {
        decoders.put(OpCode.ACCESS, (in, minor) -> CheckAccess.decode(in));
        decoders.put(OpCode.COMMIT, (in, minor) -> Commit.decode(in));
        decoders.put(OpCode.GETATTR, (in, minor) -> GetAttr.decode(in));
        decoders.put(OpCode.NVERIFY, (in, minor) -> Verify.decode(in, false));
        decoders.put(OpCode.READ, (in, minor) -> Read.decode(in));
        decoders.put(OpCode.READLINK, (in, minor) -> new ReadLink());
        decoders.put(OpCode.SETATTR, (in, minor) -> SetAttr.decode(in));
        decoders.put(OpCode.VERIFY, (in, minor) -> Verify.decode(in, true));
        decoders.put(OpCode.WRITE, (in, minor) -> Write.decode(in));
    }

    private void directories() {
        decoders.put(OpCode.CREATE, (in, minor) -> Create.decode(in));
        decoders.put(OpCode.LINK, (in, minor) -> Link.decode(in));
        decoders.put(OpCode.LOOKUP, (in, minor) -> Lookup.decode(in));
        decoders.put(OpCode.LOOKUPP, (in, minor) -> new LookupParent());
        decoders.put(OpCode.READDIR, (in, minor) -> ReadDir.decode(in));
        decoders.put(OpCode.REMOVE, (in, minor) -> Remove.decode(in));
        decoders.put(OpCode.RENAME, (in, minor) -> Rename.decode(in));
        decoders.put(OpCode.SECINFO, (in, minor) -> SecInfo.decode(in));
        decoders.put(OpCode.SECINFO_NO_NAME, (in, minor) -> SecInfoNoName.decode(in));
    }

    private void opensAndLocks() {
        decoders.put(OpCode.CLOSE, (in, minor) -> Close.decode(in));
        decoders.put(OpCode.DELEGRETURN, (in, minor) -> DelegReturn.decode(in));
        decoders.put(OpCode.FREE_STATEID, (in, minor) -> FreeStateid.decode(in));
        decoders.put(OpCode.LOCK, (in, minor) -> Lock.decode(in));
        decoders.put(OpCode.LOCKT, (in, minor) -> LockTest.decode(in));
        decoders.put(OpCode.LOCKU, (in, minor) -> Unlock.decode(in));
        decoders.put(OpCode.OPEN, Open::decode);
        decoders.put(OpCode.OPEN_CONFIRM, (in, minor) -> OpenConfirm.decode(in));
        decoders.put(OpCode.OPEN_DOWNGRADE, (in, minor) -> OpenDowngrade.decode(in));
        decoders.put(OpCode.RELEASE_LOCKOWNER, (in, minor) -> ReleaseLockOwner.decode(in));
        decoders.put(OpCode.TEST_STATEID, (in, minor) -> TestStateid.decode(in));
    }

    private void clientsOfMinor0() {
        decoders.put(OpCode.RENEW, (in, minor) -> Renew.decode(in));
        decoders.put(OpCode.SETCLIENTID, (in, minor) -> SetClientId.decode(in));
        decoders.put(OpCode.SETCLIENTID_CONFIRM, (in, minor) -> SetClientIdConfirm.decode(in));
    }

    private void clientsAndSessions() {
        decoders.put(OpCode.BACKCHANNEL_CTL, (in, minor) -> BackchannelCtl.decode(in));
        decoders.put(OpCode.BIND_CONN_TO_SESSION, (in, minor) -> BindConnToSession.decode(in));
        decoders.put(OpCode.CREATE_SESSION, (in, minor) -> CreateSession.decode(in));
        decoders.put(OpCode.DESTROY_CLIENTID, (in, minor) -> DestroyClientId.decode(in));
        decoders.put(OpCode.DESTROY_SESSION, (in, minor) -> DestroySession.decode(in));
        decoders.put(OpCode.EXCHANGE_ID, (in, minor) -> ExchangeId.decode(in));
        decoders.put(OpCode.RECLAIM_COMPLETE, (in, minor) -> ReclaimComplete.decode(in));
    }

    private void sparseFiles() {
        decoders.put(OpCode.ALLOCATE, (in, minor) -> Allocate.decode(in));
        decoders.put(OpCode.DEALLOCATE, (in, minor) -> Deallocate.decode(in));
        decoders.put(OpCode.IO_ADVISE, (in, minor) -> IoAdvise.decode(in));
        decoders.put(OpCode.READ_PLUS, (in, minor) -> ReadPlus.decode(in));
        decoders.put(OpCode.SEEK, (in, minor) -> Seek.decode(in));
    }

    private void copies() {
        decoders.put(OpCode.CLONE, (in, minor) -> Clone.decode(in));
        decoders.put(OpCode.COPY, (in, minor) -> Copy.decode(in));
        decoders.put(OpCode.OFFLOAD_CANCEL, (in, minor) -> OffloadQuery.decode(in));
        decoders.put(OpCode.OFFLOAD_STATUS, (in, minor) -> OffloadQuery.decode(in));
    }

    private void extendedAttributes() {
        decoders.put(OpCode.OPENATTR, (in, minor) -> OpenAttr.decode(in));
        decoders.put(OpCode.GETXATTR, (in, minor) -> GetXattr.decode(in));
        decoders.put(OpCode.LISTXATTRS, (in, minor) -> ListXattrs.decode(in));
        decoders.put(OpCode.REMOVEXATTR, (in, minor) -> RemoveXattr.decode(in));
        decoders.put(OpCode.SETXATTR, (in, minor) -> SetXattr.decode(in));
    }
}
