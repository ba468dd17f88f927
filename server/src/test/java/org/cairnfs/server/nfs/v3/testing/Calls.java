package org.cairnfs.server.nfs.v3.testing;

import java.nio.charset.StandardCharsets;
import org.cairnfs.server.nfs.v3.call.ProcedureNumber;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrWriter;

/** The arguments of procedures as a client encodes them, straight from RFC 1813. */
public final class Calls {
    private static final int MAX = 4 << 20;

    /** One call, encoded. */
    public record Call(ProcedureNumber number, byte[] arguments) {
        @Override
        public String toString() {
            return number + " of " + arguments.length + " bytes";
        }
    }

    /** Writes arguments. */
    @FunctionalInterface
    public interface Arguments {
        void write(XdrWriter out) throws XdrException;
    }

    /** A sattr3 under construction; what is null is not set. */
    public record Sattr(Integer mode, Integer uid, Integer gid, Long size, int[] atime, int[] mtime) {
        public static final Sattr NONE = new Sattr(null, null, null, null, null, null);

        public static Sattr mode(int mode) {
            return new Sattr(mode, null, null, null, null, null);
        }

        public static Sattr size(long size) {
            return new Sattr(null, null, null, size, null, null);
        }

        public Sattr withSize(long newSize) {
            return new Sattr(mode, uid, gid, newSize, atime, mtime);
        }

        /** Times of the client; an empty array is the server's clock. */
        public Sattr withTimes(int[] newAtime, int[] newMtime) {
            return new Sattr(mode, uid, gid, size, newAtime, newMtime);
        }

        public Sattr withOwner(int newUid, int newGid) {
            return new Sattr(mode, newUid, newGid, size, atime, mtime);
        }

        public void write(XdrWriter out) throws XdrException {
            writeInt(out, mode);
            writeInt(out, uid);
            writeInt(out, gid);
            out.writeBoolean(size != null);
            if (size != null) {
                out.writeHyper(size);
            }
            writeTime(out, atime);
            writeTime(out, mtime);
        }

        private static void writeInt(XdrWriter out, Integer value) throws XdrException {
            out.writeBoolean(value != null);
            if (value != null) {
                out.writeInt(value);
            }
        }

        private static void writeTime(XdrWriter out, int[] time) throws XdrException {
            out.writeInt(time == null ? 0 : time.length == 0 ? 1 : 2);
            if (time != null && time.length > 0) {
                out.writeInt(time[0]).writeInt(time[1]);
            }
        }
    }

    private Calls() {}

    public static byte[] encode(Arguments arguments) {
        try {
            XdrWriter out = new XdrWriter(MAX);
            arguments.write(out);
            return out.toByteArray();
        } catch (XdrException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Call call(ProcedureNumber number, Arguments arguments) {
        return new Call(number, encode(arguments));
    }

    private static void entry(XdrWriter out, byte[] directory, String name) throws XdrException {
        out.writeOpaque(directory).writeOpaque(name.getBytes(StandardCharsets.UTF_8));
    }

    public static Call getAttr(byte[] file) {
        return call(ProcedureNumber.GETATTR, out -> out.writeOpaque(file));
    }

    /** @param guard ctime, or null */
    public static Call setAttr(byte[] file, Sattr attributes, int[] guard) {
        return call(ProcedureNumber.SETATTR, out -> {
            out.writeOpaque(file);
            attributes.write(out);
            out.writeBoolean(guard != null);
            if (guard != null) {
                out.writeInt(guard[0]).writeInt(guard[1]);
            }
        });
    }

    public static Call lookup(byte[] directory, String name) {
        return call(ProcedureNumber.LOOKUP, out -> entry(out, directory, name));
    }

    public static Call access(byte[] file, int wanted) {
        return call(ProcedureNumber.ACCESS, out -> out.writeOpaque(file).writeInt(wanted));
    }

    public static Call readLink(byte[] file) {
        return call(ProcedureNumber.READLINK, out -> out.writeOpaque(file));
    }

    public static Call read(byte[] file, long offset, int count) {
        return call(
                ProcedureNumber.READ,
                out -> out.writeOpaque(file).writeHyper(offset).writeInt(count));
    }

    /** @param stable 0 UNSTABLE, 1 DATA_SYNC, 2 FILE_SYNC */
    public static Call write(byte[] file, long offset, int stable, byte[] data) {
        return call(
                ProcedureNumber.WRITE,
                out -> out.writeOpaque(file)
                        .writeHyper(offset)
                        .writeInt(data.length)
                        .writeInt(stable)
                        .writeOpaque(data));
    }

    public static Call create(byte[] directory, String name, boolean guarded, Sattr attributes) {
        return call(ProcedureNumber.CREATE, out -> {
            entry(out, directory, name);
            out.writeInt(guarded ? 1 : 0);
            attributes.write(out);
        });
    }

    public static Call createExclusive(byte[] directory, String name, long verifier) {
        return call(ProcedureNumber.CREATE, out -> {
            entry(out, directory, name);
            out.writeInt(2).writeHyper(verifier);
        });
    }

    public static Call mkDir(byte[] directory, String name, Sattr attributes) {
        return call(ProcedureNumber.MKDIR, out -> {
            entry(out, directory, name);
            attributes.write(out);
        });
    }

    public static Call symLink(byte[] directory, String name, String target) {
        return call(ProcedureNumber.SYMLINK, out -> {
            entry(out, directory, name);
            Sattr.NONE.write(out);
            out.writeUtf8(target);
        });
    }

    /** @param device of devices, else null */
    public static Call mkNod(byte[] directory, String name, int type, Sattr attributes, int[] device) {
        return call(ProcedureNumber.MKNOD, out -> {
            entry(out, directory, name);
            out.writeInt(type);
            if (attributes != null) {
                attributes.write(out);
            }
            if (device != null) {
                out.writeInt(device[0]).writeInt(device[1]);
            }
        });
    }

    public static Call remove(byte[] directory, String name) {
        return call(ProcedureNumber.REMOVE, out -> entry(out, directory, name));
    }

    public static Call rmDir(byte[] directory, String name) {
        return call(ProcedureNumber.RMDIR, out -> entry(out, directory, name));
    }

    public static Call rename(byte[] from, String name, byte[] to, String newName) {
        return call(ProcedureNumber.RENAME, out -> {
            entry(out, from, name);
            entry(out, to, newName);
        });
    }

    public static Call link(byte[] file, byte[] directory, String name) {
        return call(ProcedureNumber.LINK, out -> {
            out.writeOpaque(file);
            entry(out, directory, name);
        });
    }

    public static Call readDir(byte[] directory, long cookie, long verifier, int count) {
        return call(
                ProcedureNumber.READDIR,
                out -> out.writeOpaque(directory)
                        .writeHyper(cookie)
                        .writeHyper(verifier)
                        .writeInt(count));
    }

    public static Call readDirPlus(byte[] directory, long cookie, long verifier, int dirCount, int maxCount) {
        return call(
                ProcedureNumber.READDIRPLUS,
                out -> out.writeOpaque(directory)
                        .writeHyper(cookie)
                        .writeHyper(verifier)
                        .writeInt(dirCount)
                        .writeInt(maxCount));
    }

    public static Call fsStat(byte[] root) {
        return call(ProcedureNumber.FSSTAT, out -> out.writeOpaque(root));
    }

    public static Call fsInfo(byte[] root) {
        return call(ProcedureNumber.FSINFO, out -> out.writeOpaque(root));
    }

    public static Call pathConf(byte[] file) {
        return call(ProcedureNumber.PATHCONF, out -> out.writeOpaque(file));
    }

    public static Call commit(byte[] file, long offset, int count) {
        return call(
                ProcedureNumber.COMMIT,
                out -> out.writeOpaque(file).writeHyper(offset).writeInt(count));
    }
}
