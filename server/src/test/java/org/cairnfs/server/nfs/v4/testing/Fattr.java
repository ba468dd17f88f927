package org.cairnfs.server.nfs.v4.testing;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** Attributes as a client sends them, in ascending order whatever the order of the calls. */
public final class Fattr {
    private final Map<Integer, Op.Arguments> values = new TreeMap<>();

    public static Fattr none() {
        return new Fattr();
    }

    public static Fattr mode(int mode) {
        return none().with(Attr.MODE, out -> out.writeInt(mode));
    }

    public static Fattr size(long size) {
        return none().with(Attr.SIZE, out -> out.writeHyper(size));
    }

    public Fattr owner(String owner) {
        return with(Attr.OWNER, out -> out.writeUtf8(owner));
    }

    public Fattr group(String group) {
        return with(Attr.OWNER_GROUP, out -> out.writeUtf8(group));
    }

    /** time_modify_set to a time of the client. */
    public Fattr modified(long seconds, int nanos) {
        return with(
                Attr.TIME_MODIFY_SET, out -> out.writeInt(1).writeHyper(seconds).writeInt(nanos));
    }

    /** time_access_set to the time of the server. */
    public Fattr accessedNow() {
        return with(Attr.TIME_ACCESS_SET, out -> out.writeInt(0));
    }

    public Fattr with(Attr attr, Op.Arguments value) {
        return with(attr.number(), value);
    }

    public Fattr with(int number, Op.Arguments value) {
        values.put(number, value);
        return this;
    }

    public void write(XdrWriter out) throws XdrException {
        Bitmap4.of(values.keySet().stream().mapToInt(Integer::intValue).toArray())
                .encode(out);
        XdrWriter list = new XdrWriter(1 << 16);
        for (Op.Arguments value : values.values()) {
            value.write(list);
        }
        out.writeOpaque(list.toByteArray());
    }

    static byte[] bytes(String string) {
        return string.getBytes(StandardCharsets.UTF_8);
    }
}
