package org.cairnfs.server.nfs.v3.portmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Arguments;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;
import org.junit.jupiter.api.Test;

/** What portmap and rpcbind answer. */
class PortmapTest {
    private static final int SET = 1;
    private static final int GETPORT = 3;
    private static final int DUMP = 4;
    private static final int CALLIT = 5;
    private static final int GETTIME = 6;
    private static final int GETVERSADDR = 9;
    private static final List<Mapping> MAPPINGS = List.of(
            new Mapping(100003, 3, Mapping.TCP, 2049),
            new Mapping(100021, 4, Mapping.TCP, 2050),
            new Mapping(100024, 1, Mapping.UDP, 2051));

    private final Portmap portmap = new Portmap(() -> MAPPINGS);

    @Test
    void portsAreFoundByProgramVersionAndProtocol() throws Exception {
        assertThat(port(100003, 3, Mapping.TCP)).isEqualTo(2049);
        assertThat(port(100003, 3, Mapping.UDP)).isZero();
        assertThat(port(100003, 2, Mapping.TCP)).isZero();
        assertThat(port(100024, 1, Mapping.UDP)).isEqualTo(2051);
        assertThat(port(100005, 3, Mapping.TCP)).isZero();
    }

    @Test
    void addressesAreThoseThatWereAskedAt() throws Exception {
        for (int version = 3; version <= 4; version++) {
            assertThat(address(version, GETPORT, 100003, 3, "tcp")).isEqualTo("192.0.2.1.8.1");
            assertThat(address(version, GETPORT, 100003, 3, "tcp6")).isEqualTo("192.0.2.1.8.1");
            assertThat(address(version, GETPORT, 100003, 3, "udp")).isEmpty();
            assertThat(address(version, GETPORT, 100003, 4, "tcp")).isEmpty();
        }
        assertThat(address(4, GETVERSADDR, 100024, 1, "udp")).isEqualTo("192.0.2.1.8.3");
    }

    @Test
    void everythingIsListed() throws Exception {
        XdrReader in = answer(2, DUMP, out -> {});
        List<Mapping> listed = new ArrayList<>();
        while (in.readOptional()) {
            listed.add(new Mapping(in.readInt(), in.readInt(), in.readInt(), in.readInt()));
        }
        assertThat(listed).isEqualTo(MAPPINGS);
        in = answer(4, DUMP, out -> {});
        List<String> addresses = new ArrayList<>();
        while (in.readOptional()) {
            in.readHyper();
            addresses.add(in.readUtf8(10) + " " + in.readUtf8(100) + " " + in.readUtf8(10));
        }
        assertThat(addresses)
                .containsExactly("tcp 192.0.2.1.8.1 cairn", "tcp 192.0.2.1.8.2 cairn", "udp 192.0.2.1.8.3 cairn");
    }

    @Test
    void nothingIsSetAndNothingIsPassedOn() throws Exception {
        assertThat(answer(2, SET, out -> {}).readBoolean()).isFalse();
        assertUnknown(2, CALLIT);
        assertUnknown(3, CALLIT);
        assertUnknown(2, GETTIME);
        assertUnknown(3, GETVERSADDR);
        assertThat(answer(3, GETTIME, out -> {}).readInt()).isPositive();
    }

    @Test
    void questionsThatAreCutOffAreRefused() {
        byte[] whole = question(100003, 3, "tcp");
        for (int length = 0; length < whole.length; length++) {
            XdrReader cut = new XdrReader(ByteBuffer.wrap(whole, 0, length));
            assertThatThrownBy(() -> portmap.answer(4, GETPORT, cut, local(), new XdrWriter(1024)))
                    .isInstanceOf(XdrException.class);
        }
        for (int length = 0; length < 12; length++) {
            XdrReader cut = new XdrReader(ByteBuffer.allocate(length));
            assertThatThrownBy(() -> portmap.answer(2, GETPORT, cut, local(), new XdrWriter(1024)))
                    .isInstanceOf(XdrException.class);
        }
    }

    @Property
    void universalAddressesComeBack(
            @ForAll @Size(16) byte[] address, @ForAll boolean six, @ForAll @IntRange(max = 65_535) int port)
            throws Exception {
        InetAddress inet = InetAddress.getByAddress(six ? address : java.util.Arrays.copyOf(address, 4));
        assertThat(UniversalAddress.parse(UniversalAddress.of(inet, port))).contains(new InetSocketAddress(inet, port));
    }

    @Property
    void otherTextIsNoUniversalAddress(@ForAll String text) {
        UniversalAddress.parse(text)
                .ifPresent(address -> assertThat(address.getPort()).isBetween(0, 65_535));
        assertThat(UniversalAddress.parse("1.2.3.4.256.1")).isEmpty();
        assertThat(UniversalAddress.parse("1.2.3.4")).isEmpty();
    }

    private int port(int program, int version, int protocol) throws Exception {
        return answer(
                        2,
                        GETPORT,
                        out -> out.writeInt(program)
                                .writeInt(version)
                                .writeInt(protocol)
                                .writeInt(0))
                .readInt();
    }

    private String address(int rpcbindVersion, int procedure, int program, int version, String netId) throws Exception {
        return answer(rpcbindVersion, procedure, out -> out.writeFixedOpaque(question(program, version, netId)))
                .readUtf8(100);
    }

    private static byte[] question(int program, int version, String netId) {
        return Calls.encode(out -> out.writeInt(program)
                .writeInt(version)
                .writeUtf8(netId)
                .writeUtf8("0.0.0.0.0.0")
                .writeUtf8("me"));
    }

    private XdrReader answer(int version, int procedure, Arguments arguments) throws Exception {
        XdrWriter out = new XdrWriter(4096);
        XdrReader in = new XdrReader(ByteBuffer.wrap(Calls.encode(arguments)));
        assertThat(portmap.answer(version, procedure, in, local(), out)).isTrue();
        return new XdrReader(ByteBuffer.wrap(out.toByteArray()));
    }

    private void assertUnknown(int version, int procedure) throws Exception {
        XdrWriter out = new XdrWriter(4096);
        assertThat(portmap.answer(version, procedure, new XdrReader(ByteBuffer.allocate(0)), local(), out))
                .isFalse();
        assertThat(out.position()).isZero();
    }

    private static InetAddress local() throws Exception {
        return InetAddress.getByName("192.0.2.1");
    }
}
