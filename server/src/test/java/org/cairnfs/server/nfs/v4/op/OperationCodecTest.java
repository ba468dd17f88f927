package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cairnfs.server.nfs.v4.testing.Ops.bytes;

import com.google.common.collect.ImmutableList;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.XattrFlag;
import org.cairnfs.core.lock.LockMode;
import org.cairnfs.server.nfs.state.Callback40;
import org.cairnfs.server.nfs.state.CallbackCredential;
import org.cairnfs.server.nfs.state.ChannelAttributes;
import org.cairnfs.server.nfs.state.ChannelDirection;
import org.cairnfs.server.nfs.state.SessionId;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.NfsException;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.attr.Fattr4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Operation;
import org.cairnfs.server.nfs.v4.testing.Fattr;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Ops42;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client encodes is what the server decodes, to the last byte; and whatever is cut off or garbled is refused. */
class OperationCodecTest {
    private static final Stateid STATEID = new Stateid(3, 0x11223344, -2, 0x7654321);
    private static final SessionId SESSION = new SessionId(0x1234_5678_9ABCL, -99);
    private static final FileHandle HANDLE = new FileHandle(new java.util.UUID(1, 2), 7, 3, 0);

    private final OperationTable table = new OperationTable();

    /** An operation as it is encoded, and what is to come of it. */
    record Sample(Op op, int minorVersion, Object decoded) {
        @Override
        public String toString() {
            return decoded.toString();
        }
    }

    static List<Sample> samples() throws Exception {
        List<Sample> samples = new ArrayList<>();
        handles(samples);
        contents(samples);
        names(samples);
        opens(samples);
        locks(samples);
        clients(samples);
        sparseFiles(samples);
        extendedAttributes(samples);
        return samples;
    }

    private static void handles(List<Sample> to) throws Exception {
        to.add(new Sample(Ops.putRootFh(), 0, new PutRootFh()));
        to.add(new Sample(Ops.putPubFh(), 0, new PutRootFh()));
        to.add(new Sample(Ops.putFh(HANDLE.toBytes()), 0, new PutFh(Bytes.copyOf(HANDLE.toBytes()))));
        to.add(new Sample(Ops.getFh(), 0, new GetFh()));
        to.add(new Sample(Ops.saveFh(), 0, new SaveFh()));
        to.add(new Sample(Ops.restoreFh(), 0, new RestoreFh()));
        to.add(new Sample(Ops.lookup("näme"), 0, new Lookup(Name.of("näme"))));
        to.add(new Sample(Ops.lookupParent(), 0, new LookupParent()));
        to.add(new Sample(Ops.openAttr(true), 0, new OpenAttr(true)));
    }

    private static void contents(List<Sample> to) {
        to.add(new Sample(Ops.getAttr(1, 33, 75), 0, new GetAttr(Bitmap4.of(1, 33, 75))));
        Fattr fattr = Fattr.mode(0644).owner("1000").modified(5, 6);
        to.add(new Sample(
                Ops.setAttr(STATEID, fattr), 0, new SetAttr(STATEID, decoded(fattr), ByteBuffer.wrap(encoded(fattr)))));
        to.add(new Sample(Ops.verify(Fattr.size(9)), 0, new Verify(true, decoded(Fattr.size(9)))));
        to.add(new Sample(Ops.nverify(Fattr.size(9)), 0, new Verify(false, decoded(Fattr.size(9)))));
        to.add(new Sample(Ops.access(0x3f), 0, new CheckAccess(0x3f)));
        to.add(new Sample(Ops.read(STATEID, 1L << 40, 4096), 0, new Read(STATEID, 1L << 40, 4096)));
        to.add(new Sample(
                Ops.write(STATEID, 5, Ops.FILE_SYNC, bytes("hello")),
                0,
                new Write(STATEID, 5, true, ByteBuffer.wrap(bytes("hello")))));
        to.add(new Sample(Ops.commit(7, 8), 0, new Commit(7, 8)));
        to.add(new Sample(Ops.readLink(), 0, new ReadLink()));
    }

    private static void names(List<Sample> to) throws Exception {
        Name name = Name.of("name");
        Fattr mode = Fattr.mode(0755);
        to.add(new Sample(Ops.mkdir("name", mode), 0, new Create(2, null, DeviceNumber.NONE, name, decoded(mode))));
        to.add(new Sample(
                Ops.symlink("name", "to/there"),
                0,
                new Create(5, Bytes.ofTrusted(bytes("to/there")), DeviceNumber.NONE, name, decoded(Fattr.none()))));
        to.add(new Sample(
                Ops.mknod(4, "name", 8, 1),
                0,
                new Create(4, null, new DeviceNumber(8, 1), name, decoded(Fattr.mode(0600)))));
        to.add(new Sample(Ops.remove("name"), 0, new Remove(name)));
        to.add(new Sample(Ops.rename("name", "b"), 0, new Rename(name, Name.of("b"))));
        to.add(new Sample(Ops.link("name"), 0, new Link(name)));
        to.add(new Sample(Ops.readDir(5, 0, 100, 4096, Attr.TYPE), 0, new ReadDir(5, 0, 100, 4096, Bitmap4.of(1))));
        to.add(new Sample(Ops.secInfo("name"), 0, new SecInfo(name)));
        to.add(new Sample(Ops.secInfoNoName(1), 1, new SecInfoNoName(true)));
    }

    private static void opens(List<Sample> to) throws Exception {
        OpenShare share = new OpenShare(3, 1);
        Fattr mode = Fattr.mode(0600);
        OpenClaim byName = new OpenClaim(OpenClaim.Kind.NULL, Name.of("f"), null, false);
        open(
                to,
                0,
                share,
                StateOps.noCreate(),
                new OpenHow(OpenHow.Mode.NONE, null, 0),
                StateOps.claimNull("f"),
                byName);
        open(
                to,
                0,
                share,
                StateOps.unchecked(mode),
                new OpenHow(OpenHow.Mode.UNCHECKED, decoded(mode), 0),
                StateOps.claimNull("f"),
                byName);
        open(
                to,
                0,
                share,
                StateOps.guarded(mode),
                new OpenHow(OpenHow.Mode.GUARDED, decoded(mode), 0),
                StateOps.claimNull("f"),
                byName);
        open(
                to,
                0,
                share,
                StateOps.exclusive(42),
                new OpenHow(OpenHow.Mode.EXCLUSIVE, null, 42),
                StateOps.claimNull("f"),
                byName);
        open(
                to,
                1,
                share,
                StateOps.exclusive41(42, mode),
                new OpenHow(OpenHow.Mode.EXCLUSIVE_WITH_ATTRIBUTES, decoded(mode), 42),
                StateOps.claimNull("f"),
                byName);
        OpenHow existing = new OpenHow(OpenHow.Mode.NONE, null, 0);
        open(
                to,
                1,
                share,
                StateOps.noCreate(),
                existing,
                StateOps.claimFh(),
                new OpenClaim(OpenClaim.Kind.FH, null, null, false));
        open(
                to,
                0,
                share,
                StateOps.noCreate(),
                existing,
                StateOps.claimDelegation(STATEID, "f"),
                new OpenClaim(OpenClaim.Kind.DELEGATE_CUR, Name.of("f"), STATEID, false));
        open(
                to,
                1,
                share,
                StateOps.noCreate(),
                existing,
                StateOps.claimDelegation(STATEID),
                new OpenClaim(OpenClaim.Kind.DELEG_CUR_FH, null, STATEID, false));
        open(
                to,
                0,
                share,
                StateOps.noCreate(),
                existing,
                StateOps.claimPreviousDelegation(),
                new OpenClaim(OpenClaim.Kind.PREVIOUS, null, null, true));
        open(
                to,
                0,
                share,
                StateOps.noCreate(),
                existing,
                StateOps.claimPrevious(),
                new OpenClaim(OpenClaim.Kind.PREVIOUS, null, null, false));
        to.add(new Sample(StateOps.openConfirm(STATEID, 9), 0, new OpenConfirm(STATEID, 9)));
        to.add(new Sample(
                StateOps.openDowngrade(STATEID, 9, 1, 0), 0, new OpenDowngrade(STATEID, 9, new OpenShare(1, 0))));
        to.add(new Sample(StateOps.close(9, STATEID), 0, new Close(9, STATEID)));
    }

    private static void open(
            List<Sample> to,
            int minorVersion,
            OpenShare share,
            Op.Arguments how,
            OpenHow decodedHow,
            Op.Arguments claim,
            OpenClaim decodedClaim) {
        byte[] identity = Op.of(0, out -> {
                    how.write(out);
                    claim.write(out);
                })
                .arguments();
        to.add(new Sample(
                StateOps.open(4, 3, 1, 77, "owner", how, claim),
                minorVersion,
                new Open(
                        4,
                        share,
                        77,
                        Bytes.ofTrusted(bytes("owner")),
                        decodedHow,
                        decodedClaim,
                        ByteBuffer.wrap(identity))));
    }

    private static void locks(List<Sample> to) {
        Bytes owner = Bytes.ofTrusted(bytes("lo"));
        to.add(new Sample(
                StateOps.lockNew(StateOps.WRITE_LT, 1, 2, 3, STATEID, 4, 5, "lo"),
                0,
                new Lock(LockMode.WRITE, false, 1, 2, new Lock.New(3, STATEID, 4, 5, owner))));
        to.add(new Sample(
                StateOps.lock(StateOps.READ_LT, 1, -1, STATEID, 4),
                0,
                new Lock(LockMode.READ, false, 1, -1, new Lock.Existing(STATEID, 4))));
        to.add(new Sample(
                StateOps.lockTest(StateOps.READ_LT, 1, 2, 5, "lo"), 0, new LockTest(LockMode.READ, 1, 2, 5, owner)));
        to.add(new Sample(
                StateOps.unlock(StateOps.WRITE_LT, 6, STATEID, 1, 2), 0, new Unlock(LockMode.WRITE, 6, STATEID, 1, 2)));
        to.add(new Sample(StateOps.releaseLockOwner(5, "lo"), 0, new ReleaseLockOwner(5, owner)));
    }

    private static void clients(List<Sample> to) {
        Bytes owner = Bytes.ofTrusted(bytes("me"));
        to.add(new Sample(
                StateOps.setClientId(8, "me"),
                0,
                new SetClientId(8, owner, new Callback40(0x4000_0000, "tcp", "127.0.0.1.0.9", 7))));
        to.add(new Sample(StateOps.setClientIdConfirm(1, 2), 0, new SetClientIdConfirm(1, 2)));
        to.add(new Sample(StateOps.renew(1), 0, new Renew(1)));
        to.add(new Sample(StateOps.exchangeId(8, "me", 0x103), 1, new ExchangeId(8, owner, 0x103, 0)));
        to.add(new Sample(
                StateOps.createSession(1, 2, 5000, 600, 16),
                1,
                new CreateSession(
                        1,
                        2,
                        0,
                        new ChannelAttributes(0, 2 << 20, 5000, 600, 64, 16),
                        new ChannelAttributes(0, 4096, 4096, 4096, 64, 1),
                        0x4000_0000,
                        Optional.of(CallbackCredential.NONE))));
        to.add(new Sample(StateOps.destroySession(SESSION), 1, new DestroySession(SESSION)));
        to.add(new Sample(StateOps.destroyClientId(6), 1, new DestroyClientId(6)));
        to.add(new Sample(
                StateOps.bindConnToSession(SESSION, 7), 1, new BindConnToSession(SESSION, ChannelDirection.BOTH)));
        to.add(new Sample(StateOps.backchannelCtl(9), 1, new BackchannelCtl(9, Optional.of(CallbackCredential.NONE))));
        to.add(new Sample(StateOps.reclaimComplete(true), 1, new ReclaimComplete(true)));
        to.add(new Sample(StateOps.freeStateid(STATEID), 1, new FreeStateid(STATEID)));
        to.add(new Sample(
                StateOps.testStateid(STATEID, Stateid.ANONYMOUS),
                1,
                new TestStateid(ImmutableList.of(STATEID, Stateid.ANONYMOUS))));
        to.add(new Sample(StateOps.delegReturn(STATEID), 0, new DelegReturn(STATEID)));
    }

    private static void sparseFiles(List<Sample> to) {
        to.add(new Sample(Ops42.allocate(STATEID, 1, 2), 2, new Allocate(STATEID, 1, 2)));
        to.add(new Sample(Ops42.deallocate(STATEID, -1, -2), 2, new Deallocate(STATEID, -1, -2)));
        to.add(new Sample(Ops42.seek(STATEID, 7, Ops42.HOLE), 2, new Seek(STATEID, 7, 1)));
        to.add(new Sample(Ops42.readPlus(STATEID, 1L << 40, 4096), 2, new ReadPlus(STATEID, 1L << 40, 4096)));
        to.add(new Sample(Ops42.ioAdvise(STATEID, 3, 4, 1, 4), 2, new IoAdvise(STATEID, 3, 4, Bitmap4.of(1, 4))));
        TwoRanges ranges = new TwoRanges(STATEID, Stateid.ANONYMOUS, 1, 2, 3);
        to.add(new Sample(Ops42.cloneRange(STATEID, Stateid.ANONYMOUS, 1, 2, 3), 2, new Clone(ranges)));
        to.add(new Sample(Ops42.copy(STATEID, Stateid.ANONYMOUS, 1, 2, 3), 2, new Copy(ranges, false)));
        to.add(new Sample(Ops42.copy(STATEID, Stateid.ANONYMOUS, 1, 2, 3, "a", "b"), 2, new Copy(ranges, true)));
        to.add(new Sample(Ops42.offload(OpCode.OFFLOAD_STATUS, STATEID), 2, new OffloadQuery(STATEID)));
        to.add(new Sample(Ops42.offload(OpCode.OFFLOAD_CANCEL, STATEID), 2, new OffloadQuery(STATEID)));
    }

    private static void extendedAttributes(List<Sample> to) throws Exception {
        Name name = Name.of("user.k");
        to.add(new Sample(Ops42.getXattr("k"), 2, new GetXattr(name)));
        to.add(new Sample(
                Ops42.setXattr(Ops42.CREATE, "k", bytes("value")),
                2,
                new SetXattr(XattrFlag.CREATE, name, ByteBuffer.wrap(bytes("value")))));
        to.add(new Sample(Ops42.listXattrs(5, 4096), 2, new ListXattrs(5, 4096)));
        to.add(new Sample(Ops42.removeXattr("k"), 2, new RemoveXattr(name)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsEncodedIsDecoded(Sample sample) throws Exception {
        XdrReader in = new XdrReader(ByteBuffer.wrap(sample.op().arguments()));

        Operation operation = decode(sample, in);

        assertThat(operation).isEqualTo(sample.decoded());
        assertThat(in.remaining()).isZero();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsCutOffAnywhereIsRefused(Sample sample) {
        byte[] whole = sample.op().arguments();
        for (int length = 0; length < whole.length; length++) {
            XdrReader in = new XdrReader(ByteBuffer.wrap(whole, 0, length));
            assertThatThrownBy(() -> decode(sample, in))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(XdrException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsGarbledIsDecodedOrRefusedButNeverFails(Sample sample) {
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            byte[] garbled = sample.op().arguments().clone();
            for (int flips = random.nextInt(4); flips >= 0 && garbled.length > 0; flips--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
            }
            try {
                decode(sample, new XdrReader(ByteBuffer.wrap(garbled)));
            } catch (XdrException | NfsException e) {
                assertThat(e).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void thereIsASampleOfEachOperationThatIsDecoded() throws Exception {
        Set<OpCode> decoded = EnumSet.noneOf(OpCode.class);
        for (OpCode code : OpCode.values()) {
            try {
                table.decode(code, 2, new XdrReader(ByteBuffer.allocate(1 << 12)));
                decoded.add(code);
            } catch (XdrException e) {
                decoded.add(code);
            } catch (NfsException e) {
                if (e.status() != org.cairnfs.server.nfs.v4.NfsStatus.NOTSUPP) {
                    decoded.add(code);
                }
            }
        }
        Set<OpCode> sampled = EnumSet.noneOf(OpCode.class);
        samples()
                .forEach(sample -> sampled.add(
                        OpCode.of(sample.op().number(), sample.minorVersion()).orElseThrow()));

        assertThat(sampled).isEqualTo(decoded);
    }

    private Operation decode(Sample sample, XdrReader in) throws XdrException, NfsException {
        OpCode code = OpCode.of(sample.op().number(), sample.minorVersion()).orElseThrow();
        return table.decode(code, sample.minorVersion(), in);
    }

    private static byte[] encoded(Fattr fattr) {
        return Op.of(0, fattr::write).arguments();
    }

    private static Fattr4 decoded(Fattr fattr) {
        try {
            return Fattr4.decode(new XdrReader(ByteBuffer.wrap(encoded(fattr))));
        } catch (XdrException e) {
            throw new AssertionError(e);
        }
    }

    /** The result side has no decoder in the server; that a client can read it is shown by the compound tests. */
    @Test
    void anErrorOfSetAttrHasAnEmptySetOfAttributes() throws Exception {
        XdrWriter out = new XdrWriter(16);

        new SetAttr(STATEID, decoded(Fattr.none()), ByteBuffer.allocate(0)).encodeFailure(out);

        assertThat(out.toByteArray()).containsExactly(0, 0, 0, 0);
    }
}
