package org.cairnfs.server.nfs.v3.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The common types go over the wire and come back. */
class Wire3Properties {
    private static final int NANOS = 1_000_000_000;

    @Property
    void timesComeBack(
            @ForAll @LongRange(min = 0, max = 0xFFFF_FFFFL) long seconds,
            @ForAll @IntRange(min = 0, max = NANOS - 1) int fraction)
            throws Exception {
        long nanos = seconds * NANOS + fraction;
        XdrWriter out = new XdrWriter(64);
        Wire3.writeTime(out, nanos);
        Time3 read = Time3.decode(reader(out.toByteArray()));
        assertThat(read).isEqualTo(new Time3(seconds, fraction));
        assertThat(read.nanos()).isEqualTo(nanos);
    }

    @Property
    void timesThatCannotBeToldBecomeTheNearest(@ForAll long nanos) throws Exception {
        XdrWriter out = new XdrWriter(64);
        Wire3.writeTime(out, nanos);
        long told = Time3.decode(reader(out.toByteArray())).nanos();
        long last = 0xFFFF_FFFFL * NANOS + NANOS - 1;
        assertThat(told).isEqualTo(Math.min(last, Math.max(0, nanos)));
    }

    @Property
    void attributesToSetComeBack(
            @ForAll boolean[] given,
            @ForAll int mode,
            @ForAll int uid,
            @ForAll int gid,
            @ForAll @LongRange(min = 0) long size,
            @ForAll int seconds,
            @ForAll @IntRange(min = 0, max = NANOS - 1) int fraction)
            throws Exception {
        int[] time = {seconds, fraction};
        Sattr sent = new Sattr(
                has(given, 0) ? mode : null,
                has(given, 1) ? uid : null,
                has(given, 2) ? gid : null,
                has(given, 3) ? size : null,
                has(given, 4) ? time : null,
                has(given, 5) ? new int[0] : null);
        XdrReader in = reader(Calls.encode(sent::write));

        Sattr3 read = Sattr3.decode(in);

        assertThat(in.remaining()).isZero();
        assertThat(read.mode()).isEqualTo(has(given, 0) ? mode & 07777 : null);
        assertThat(read.uid()).isEqualTo(sent.uid());
        assertThat(read.gid()).isEqualTo(sent.gid());
        assertThat(read.values().size()).isEqualTo(sent.size());
        long nanos = Integer.toUnsignedLong(seconds) * NANOS + fraction;
        assertThat(read.values().atime()).isEqualTo(has(given, 4) ? new SetTime.At(nanos) : null);
        assertThat(read.values().mtime()).isEqualTo(has(given, 5) ? SetTime.NOW : null);
    }

    @Property
    void namesAndHandlesComeBack(@ForAll @Size(max = 64) byte[] handle, @ForAll @Size(max = 300) byte[] name)
            throws Exception {
        XdrReader in = reader(Calls.encode(out -> out.writeOpaque(handle).writeOpaque(name)));
        assertThat(Entry3.decode(in)).isEqualTo(new Entry3(Bytes.copyOf(handle), Bytes.copyOf(name)));
        assertThat(in.remaining()).isZero();
    }

    private static boolean has(boolean[] given, int index) {
        return index < given.length && given[index];
    }

    private static XdrReader reader(byte[] bytes) {
        return new XdrReader(ByteBuffer.wrap(bytes));
    }
}
