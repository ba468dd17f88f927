package org.cairnfs.server.nfs.v4.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.compound.Wire;

/** The operations of NFSv4 on files and names, as a client encodes them: written from the RFCs, and knowing nothing of the server's classes. */
public final class Ops {
    public static final int UNSTABLE = 0;
    public static final int FILE_SYNC = 2;

    private Ops() {}

    // ---- file handles

    public static Op putRootFh() {
        return Op.of(OpCode.PUTROOTFH, out -> {});
    }

    public static Op putPubFh() {
        return Op.of(OpCode.PUTPUBFH, out -> {});
    }

    public static Op putFh(byte[] handle) {
        return Op.of(OpCode.PUTFH, out -> out.writeOpaque(handle));
    }

    public static Op getFh() {
        return Op.of(OpCode.GETFH, out -> {});
    }

    public static Op saveFh() {
        return Op.of(OpCode.SAVEFH, out -> {});
    }

    public static Op restoreFh() {
        return Op.of(OpCode.RESTOREFH, out -> {});
    }

    public static Op lookup(String name) {
        return lookup(bytes(name));
    }

    public static Op lookup(byte[] name) {
        return Op.of(OpCode.LOOKUP, out -> out.writeOpaque(name));
    }

    public static Op openAttr(boolean create) {
        return Op.of(OpCode.OPENATTR, out -> out.writeBoolean(create));
    }

    public static Op lookupParent() {
        return Op.of(OpCode.LOOKUPP, out -> {});
    }

    // ---- attributes

    public static Op getAttr(Attr... attributes) {
        return getAttr(Arrays.stream(attributes).mapToInt(Attr::number).toArray());
    }

    public static Op getAttr(int... attributes) {
        return Op.of(OpCode.GETATTR, Bitmap4.of(attributes)::encode);
    }

    public static Op setAttr(Stateid stateid, Fattr attributes) {
        return Op.of(OpCode.SETATTR, out -> {
            Wire.writeStateid(out, stateid);
            attributes.write(out);
        });
    }

    public static Op verify(Fattr attributes) {
        return Op.of(OpCode.VERIFY, attributes::write);
    }

    public static Op nverify(Fattr attributes) {
        return Op.of(OpCode.NVERIFY, attributes::write);
    }

    public static Op access(int bits) {
        return Op.of(OpCode.ACCESS, out -> out.writeInt(bits));
    }

    // ---- contents

    public static Op read(Stateid stateid, long offset, int count) {
        return Op.of(OpCode.READ, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(count);
        });
    }

    public static Op write(Stateid stateid, long offset, int stable, byte[] data) {
        return Op.of(OpCode.WRITE, out -> {
            Wire.writeStateid(out, stateid);
            out.writeHyper(offset).writeInt(stable).writeOpaque(data);
        });
    }

    public static Op commit(long offset, int count) {
        return Op.of(OpCode.COMMIT, out -> out.writeHyper(offset).writeInt(count));
    }

    public static Op readLink() {
        return Op.of(OpCode.READLINK, out -> {});
    }

    // ---- names

    public static Op mkdir(String name, Fattr attributes) {
        return create(2, name, attributes);
    }

    public static Op symlink(String name, String target) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(5).writeUtf8(target).writeUtf8(name);
            Fattr.none().write(out);
        });
    }

    public static Op mknod(int type, String name, int major, int minor) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(type).writeInt(major).writeInt(minor).writeUtf8(name);
            Fattr.mode(0600).write(out);
        });
    }

    /** CREATE of a type that has no data of its own. */
    public static Op create(int type, String name, Fattr attributes) {
        return Op.of(OpCode.CREATE, out -> {
            out.writeInt(type).writeUtf8(name);
            attributes.write(out);
        });
    }

    public static Op remove(String name) {
        return Op.of(OpCode.REMOVE, out -> out.writeUtf8(name));
    }

    public static Op rename(String from, String to) {
        return Op.of(OpCode.RENAME, out -> out.writeUtf8(from).writeUtf8(to));
    }

    public static Op link(String name) {
        return Op.of(OpCode.LINK, out -> out.writeUtf8(name));
    }

    public static Op readDir(long cookie, long verifier, int names, int max, Attr... attributes) {
        return Op.of(OpCode.READDIR, out -> {
            out.writeHyper(cookie).writeHyper(verifier).writeInt(names).writeInt(max);
            Bitmap4.of(Arrays.stream(attributes).mapToInt(Attr::number).toArray())
                    .encode(out);
        });
    }

    public static Op secInfo(String name) {
        return Op.of(OpCode.SECINFO, out -> out.writeUtf8(name));
    }

    public static Op secInfoNoName(int style) {
        return Op.of(OpCode.SECINFO_NO_NAME, out -> out.writeInt(style));
    }

    public static byte[] bytes(String string) {
        return string.getBytes(StandardCharsets.UTF_8);
    }
}
