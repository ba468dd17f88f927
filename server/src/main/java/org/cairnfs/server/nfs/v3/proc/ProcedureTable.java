package org.cairnfs.server.nfs.v3.proc;

import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.ProcedureDecoder;
import org.cairnfs.server.nfs.v3.call.ProcedureNumber;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** Which class decodes which procedure. */
public final class ProcedureTable implements ProcedureDecoder {
    @Override
    public Procedure decode(ProcedureNumber number, XdrReader in) throws XdrException {
        return switch (number) {
            case NULL -> throw new IllegalArgumentException("NULL is answered by the RPC server");
            case GETATTR -> GetAttr.decode(in);
            case SETATTR -> SetAttr.decode(in);
            case LOOKUP -> Lookup.decode(in);
            case ACCESS -> CheckAccess.decode(in);
            case READLINK -> ReadLink.decode(in);
            case READ -> Read.decode(in);
            case WRITE -> Write.decode(in);
            case CREATE -> Create.decode(in);
            case MKDIR -> MkDir.decode(in);
            case SYMLINK -> SymLink.decode(in);
            case MKNOD -> MkNod.decode(in);
            case REMOVE -> Remove.decode(in, RemoveKind.NON_DIRECTORY);
            case RMDIR -> Remove.decode(in, RemoveKind.DIRECTORY);
            case RENAME -> Rename.decode(in);
            case LINK -> Link.decode(in);
            case READDIR -> ReadDir.decode(in);
            case READDIRPLUS -> ReadDirPlus.decode(in);
            case FSSTAT -> FsStat.decode(in);
            case FSINFO -> FsInfo.decode(in);
            case PATHCONF -> PathConf.decode(in);
            case COMMIT -> Commit.decode(in);
        };
    }
}
