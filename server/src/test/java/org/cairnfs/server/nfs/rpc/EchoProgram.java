package org.cairnfs.server.nfs.rpc;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** A program whose procedures do what the tests need. */
final class EchoProgram implements RpcProgram {
    static final int PROGRAM = 0x2000_CA17;
    static final int VERSION = 3;

    /** Takes an opaque and gives it back. */
    static final int ECHO = 1;
    /** Takes a number of bytes and gives that many, by reference. */
    static final int READ = 2;
    /** Takes an opaque and gives its length. */
    static final int WRITE = 3;
    /** Gives uid, gid, groups and machine name of an AUTH_SYS caller. */
    static final int WHO = 4;
    /** Throws a RuntimeException. */
    static final int FAIL = 5;
    /** Throws a StackOverflowError. */
    static final int OVERFLOW = 6;
    /** Throws an OutOfMemoryError. */
    static final int OUT_OF_MEMORY = 7;
    /** Waits for {@link #release} before it answers. */
    static final int WAIT = 8;
    /** Is put into {@link #held} and answered by the test. */
    static final int HOLD = 9;
    /** Is put into {@link #held} though it is answered at once, so that the test gets at its connection. */
    static final int HOLD_CONNECTION = 10;

    /** As {@link #READ}, each in memory of its own. */
    static final int READ_FRESH = 11;

    static final int BULK = 1 << 20;
    private static final ByteBuffer PAYLOAD = ByteBuffer.allocateDirect(BULK);

    final CountDownLatch waitingCalls = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    final BlockingQueue<RpcCall> held = new LinkedBlockingQueue<>();

    @Override
    public void handle(RpcCall call) throws Exception {
        XdrReader in = call.arguments();
        XdrWriter out = call.newResults();
        switch (call.procedure()) {
            case ECHO -> call.reply(out.writeOpaqueReference(in.readOpaqueSlice(BULK)));
            case READ ->
                call.reply(out.writeOpaqueReference(
                        PAYLOAD.duplicate().limit(in.readInt() & (2 * BULK - 1)).slice()));
            case READ_FRESH -> call.reply(out.writeOpaqueReference(ByteBuffer.allocate(in.readInt() & (2 * BULK - 1))));
            case WRITE -> call.reply(out.writeInt(in.readOpaqueSlice(BULK).remaining()));
            case WHO -> {
                RpcCredential.AuthSys sys = (RpcCredential.AuthSys) call.credential();
                Credentials ids = sys.ids();
                out.writeInt(ids.uid())
                        .writeInt(ids.gid())
                        .writeInts(ids.groups().toArray());
                call.reply(out.writeUtf8(sys.machineName()));
            }
            case FAIL -> throw new IllegalStateException("as the test wants it");
            case OVERFLOW -> throw new StackOverflowError("as the test wants it");
            case OUT_OF_MEMORY -> throw new OutOfMemoryError("as the test wants it");
            case WAIT -> {
                waitingCalls.countDown();
                release.await();
                call.reply(out);
            }
            case HOLD -> held.add(call);
            case HOLD_CONNECTION -> {
                held.add(call);
                call.reply(out);
            }
            default -> call.reject(AcceptStat.PROC_UNAVAIL);
        }
    }
}
