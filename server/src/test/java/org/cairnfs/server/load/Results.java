package org.cairnfs.server.load;

import java.util.Optional;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** The results of a COMPOUND, read one after the other; what is not OK, or not of the operation that was asked for, is a {@link FailedException}. */
final class Results {
    private static final int MAX_TAG = 1024;
    private static final int MAX_HANDLE = 128;

    private final XdrReader in;
    private final int status;

    Results(XdrReader in) throws XdrException {
        this.in = in;
        this.status = in.readInt();
        in.skipOpaque(MAX_TAG);
        in.readInt();
    }

    /** The status of the COMPOUND: of the last operation that was tried. */
    int status() {
        return status;
    }

    /** Whether the server asks to be asked later. */
    boolean isLater() {
        return status == NfsStatus.DELAY.code() || status == NfsStatus.GRACE.code();
    }

    /** An operation of the load that did not do what it was to do: counted, and told. */
    static final class FailedException extends Exception {
        private static final long serialVersionUID = 1L;

        FailedException(String what) {
            super(what);
        }
    }

    /** The head of the next result, which must be OK. */
    Results ok(OpCode code) throws XdrException, FailedException {
        int number = in.readInt();
        int result = in.readInt();
        if (number != code.number()) {
            throw new FailedException("the result of " + number + " in place of " + code);
        }
        if (result != 0) {
            Optional<NfsStatus> known = NfsStatus.ofCode(result);
            throw new FailedException(code + " " + (known.isPresent() ? known.get() : "status " + result));
        }
        return this;
    }

    Results ok(OpCode first, OpCode... more) throws XdrException, FailedException {
        ok(first);
        for (OpCode code : more) {
            ok(code);
        }
        return this;
    }

    /** Behind the head of the result that was read last. */
    XdrReader in() {
        return in;
    }

    /** Reads a result of OPEN to its end; its stateid. */
    Stateid opened() throws XdrException, FailedException {
        ok(OpCode.OPEN);
        Stateid stateid = Wire.readStateid(in);
        skipChange();
        in.readInt();
        Bitmap4.decode(in);
        int delegation = in.readInt();
        if (delegation == 3) {
            int why = in.readInt();
            if (why == 1 || why == 2) {
                in.readBoolean();
            }
        } else if (delegation != 0) {
            throw new FailedException("OPEN a delegation that was not wanted");
        }
        return stateid;
    }

    /** change_info4. */
    void skipChange() throws XdrException {
        in.readBoolean();
        in.readHyper();
        in.readHyper();
    }

    byte[] handle() throws XdrException, FailedException {
        return ok(OpCode.GETFH).in.readOpaque(MAX_HANDLE);
    }
}
