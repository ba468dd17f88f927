package org.cairnfs.server.nfs.v4.op;

import org.cairnfs.core.fs.Access;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.compound.Compound;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/**
 * ACCESS (section 18.1): which of the wanted rights the caller has to the current file.
 *
 * @param wanted bits of ACCESS4_*; unknown ones are not answered
 */
record CheckAccess(int wanted) implements Operation {
    private static final int READ = 0x01;
    private static final int LOOKUP = 0x02;
    private static final int MODIFY = 0x04;
    private static final int EXTEND = 0x08;
    private static final int DELETE = 0x10;
    private static final int EXECUTE = 0x20;
    private static final int OF_DIRECTORIES = READ | LOOKUP | MODIFY | EXTEND | DELETE;
    private static final int OF_FILES = READ | MODIFY | EXTEND | EXECUTE;

    static CheckAccess decode(XdrReader in) throws XdrException {
        return new CheckAccess(in.readInt());
    }

    @Override
    public NfsStatus execute(Compound compound, XdrWriter result) throws NfsException, FsException, XdrException {
        FileHandle file = compound.current();
        OpContext op = compound.reading();
        boolean directory = compound.fileSystem().getattr(op, file).type() == FileType.DIRECTORY;
        int answered = wanted & (directory ? OF_DIRECTORIES : OF_FILES);
        int granted = compound.fileSystem().access(op, file, bits(answered, directory));
        result.writeInt(answered).writeInt(rights(granted, directory) & answered);
        return NfsStatus.OK;
    }

    private static int bits(int rights, boolean directory) {
        int bits = (rights & READ) != 0 ? Access.READ : 0;
        if ((rights & (MODIFY | EXTEND | DELETE)) != 0) {
            bits |= Access.WRITE;
        }
        if ((rights & (directory ? LOOKUP | MODIFY | EXTEND | DELETE : EXECUTE)) != 0) {
            bits |= Access.EXECUTE;
        }
        return bits;
    }

    private static int rights(int granted, boolean directory) {
        int rights = (granted & Access.READ) != 0 ? READ : 0;
        boolean execute = (granted & Access.EXECUTE) != 0;
        if (execute) {
            rights |= LOOKUP | EXECUTE;
        }
        // Names can be changed only by those who may also reach them.
        if ((granted & Access.WRITE) != 0 && (execute || !directory)) {
            rights |= MODIFY | EXTEND | DELETE;
        }
        return rights;
    }
}
