package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.server.nfs.v3.call.Entry3;
import org.cairnfs.server.nfs.v3.call.Procedure;
import org.cairnfs.server.nfs.v3.call.ProcedureNumber;
import org.cairnfs.server.nfs.v3.call.Sattr3;
import org.cairnfs.server.nfs.v3.call.Time3;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client encodes is what the server decodes, to the last byte; and whatever is cut off or garbled is refused. */
class ProcedureCodecTest {
    private static final byte[] HANDLE = bytes("a handle of some length");
    private static final Bytes FILE = Bytes.ofTrusted(HANDLE);
    private static final Bytes OTHER = Bytes.ofTrusted(bytes("other"));
    private static final Entry3 ENTRY = new Entry3(FILE, Bytes.ofTrusted(bytes("näme")));
    private static final Sattr3 MODE = new Sattr3(0640, null, null, null, null, null);

    private final ProcedureTable table = new ProcedureTable();

    /** A call as it is encoded, and what is to come of it. */
    record Sample(Call call, Procedure decoded) {
        @Override
        public String toString() {
            return decoded.toString();
        }
    }

    static List<Sample> samples() {
        Sattr all = Sattr.mode(0640).withOwner(5, -2).withSize(1L << 40).withTimes(new int[] {-1, 7}, new int[0]);
        Sattr3 decodedAll = new Sattr3(0640, 5, -2, 1L << 40, new Time3(0xFFFF_FFFFL, 7), new Time3(-1, -1));
        return List.of(
                new Sample(Calls.getAttr(HANDLE), new GetAttr(FILE)),
                new Sample(Calls.setAttr(HANDLE, all, null), new SetAttr(FILE, decodedAll, null)),
                new Sample(
                        Calls.setAttr(HANDLE, Sattr.NONE, new int[] {8, 9}),
                        new SetAttr(FILE, Sattr3.NONE, new Time3(8, 9))),
                new Sample(Calls.lookup(HANDLE, "näme"), new Lookup(ENTRY)),
                new Sample(Calls.access(HANDLE, 0x3f), new CheckAccess(FILE, 0x3f)),
                new Sample(Calls.readLink(HANDLE), new ReadLink(FILE)),
                new Sample(Calls.read(HANDLE, -1, -1), new Read(FILE, -1, -1)),
                new Sample(
                        Calls.write(HANDLE, 1L << 33, 1, bytes("hello")),
                        new Write(FILE, 1L << 33, true, ByteBuffer.wrap(bytes("hello")))),
                new Sample(Calls.write(HANDLE, 0, 0, new byte[0]), new Write(FILE, 0, false, ByteBuffer.allocate(0))),
                new Sample(
                        Calls.create(HANDLE, "näme", false, Sattr.mode(0640)),
                        new Create(ENTRY, Create.How.UNCHECKED, MODE, 0)),
                new Sample(
                        Calls.create(HANDLE, "näme", true, all), new Create(ENTRY, Create.How.GUARDED, decodedAll, 0)),
                new Sample(
                        Calls.createExclusive(HANDLE, "näme", -3),
                        new Create(ENTRY, Create.How.EXCLUSIVE, Sattr3.NONE, -3)),
                new Sample(Calls.mkDir(HANDLE, "näme", Sattr.mode(0640)), new MkDir(ENTRY, MODE)),
                new Sample(
                        Calls.symLink(HANDLE, "näme", "to/there"),
                        new SymLink(ENTRY, Sattr3.NONE, Bytes.ofTrusted(bytes("to/there")))),
                new Sample(
                        Calls.mkNod(HANDLE, "näme", 4, Sattr.mode(0640), new int[] {8, 1}),
                        new MkNod(ENTRY, 4, MODE, new DeviceNumber(8, 1))),
                new Sample(
                        Calls.mkNod(HANDLE, "näme", 7, Sattr.mode(0640), null),
                        new MkNod(ENTRY, 7, MODE, DeviceNumber.NONE)),
                new Sample(
                        Calls.mkNod(HANDLE, "näme", 1, null, null),
                        new MkNod(ENTRY, 1, Sattr3.NONE, DeviceNumber.NONE)),
                new Sample(Calls.remove(HANDLE, "näme"), new Remove(ENTRY, RemoveKind.NON_DIRECTORY)),
                new Sample(Calls.rmDir(HANDLE, "näme"), new Remove(ENTRY, RemoveKind.DIRECTORY)),
                new Sample(
                        Calls.rename(HANDLE, "näme", OTHER.toArray(), "b"),
                        new Rename(ENTRY, new Entry3(OTHER, Bytes.ofTrusted(bytes("b"))))),
                new Sample(Calls.link(OTHER.toArray(), HANDLE, "näme"), new Link(OTHER, ENTRY)),
                new Sample(Calls.readDir(HANDLE, 5, 6, 4096), new ReadDir(FILE, 5, 6, 4096)),
                new Sample(Calls.readDirPlus(HANDLE, 5, 6, 512, -1), new ReadDirPlus(FILE, 5, 6, 512, -1)),
                new Sample(Calls.fsStat(HANDLE), new FsStat(FILE)),
                new Sample(Calls.fsInfo(HANDLE), new FsInfo(FILE)),
                new Sample(Calls.pathConf(HANDLE), new PathConf(FILE)),
                new Sample(Calls.commit(HANDLE, 7, 8), new Commit(FILE, 7, 8)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsEncodedIsDecoded(Sample sample) throws Exception {
        XdrReader in = new XdrReader(ByteBuffer.wrap(sample.call().arguments()));

        Procedure procedure = table.decode(sample.call().number(), in);

        assertThat(procedure).isEqualTo(sample.decoded());
        assertThat(in.remaining()).isZero();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsCutOffAnywhereIsRefused(Sample sample) {
        byte[] whole = sample.call().arguments();
        for (int length = 0; length < whole.length; length++) {
            XdrReader in = new XdrReader(ByteBuffer.wrap(whole, 0, length));
            assertThatThrownBy(() -> table.decode(sample.call().number(), in))
                    .as("%d of %d bytes", length, whole.length)
                    .isInstanceOf(XdrException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsGarbledIsDecodedOrRefusedButNeverFails(Sample sample) {
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            byte[] garbled = sample.call().arguments().clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(table.decode(sample.call().number(), new XdrReader(ByteBuffer.wrap(garbled))))
                        .isNotNull();
            } catch (XdrException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
    }

    @Test
    void everyProcedureHasASample() {
        Set<ProcedureNumber> missing = EnumSet.complementOf(EnumSet.of(ProcedureNumber.NULL));
        samples().forEach(sample -> missing.remove(sample.call().number()));
        assertThat(missing).isEmpty();
    }

    @Test
    void impossibleChoicesAreRefused() {
        byte[] create = Calls.createExclusive(HANDLE, "f", 1).arguments();
        create[create.length - 9] = 3;
        assertRefused(ProcedureNumber.CREATE, create);
        byte[] write = Calls.write(HANDLE, 0, 3, new byte[0]).arguments();
        assertRefused(ProcedureNumber.WRITE, write);
        byte[] count = Calls.write(HANDLE, 0, 0, new byte[4]).arguments();
        count[count.length - 13] = 5;
        assertRefused(ProcedureNumber.WRITE, count);
        byte[] handle = Calls.getAttr(new byte[65]).arguments();
        assertRefused(ProcedureNumber.GETATTR, handle);
    }

    private void assertRefused(ProcedureNumber number, byte[] arguments) {
        assertThatThrownBy(() -> table.decode(number, new XdrReader(ByteBuffer.wrap(arguments))))
                .isInstanceOf(XdrException.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
